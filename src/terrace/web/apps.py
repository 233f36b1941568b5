"""Django's entry for this room."""

from django.apps import AppConfig


class Web(AppConfig):
    """Names the room to Django."""

    name = "terrace.web"
    label = "web"
