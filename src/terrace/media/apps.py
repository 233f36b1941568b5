"""Django's entry for this room."""

from django.apps import AppConfig


class Media(AppConfig):
    """Names the room to Django."""

    name = "terrace.media"
    label = "media"
