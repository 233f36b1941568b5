"""Django's entry for this room."""

from django.apps import AppConfig


class Web(AppConfig):
    """Names the room to Django."""

    name = "terrace.web"
    label = "web"

    def ready(self) -> None:
        """Give forms their words and wire the house, for everything that sets Django up."""
        from terrace.web import field_words

        field_words.speak()
        from terrace.web import wiring  # reads the forms of all rooms

        wiring.connect()
