"""Django's entry for this room."""

from django.apps import AppConfig


class Moderation(AppConfig):
    """Names the room to Django."""

    name = "terrace.moderation"
    label = "moderation"
