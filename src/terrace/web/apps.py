"""Django's entry for this room."""

from django.apps import AppConfig


class Web(AppConfig):
    """Names the room to Django."""

    name = "terrace.web"
    label = "web"

    def ready(self) -> None:
        """Wire the house, for everything that sets Django up."""
        from terrace.web import wiring

        wiring.connect()
