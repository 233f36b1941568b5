"""Django's entry for this room."""

from django.apps import AppConfig


class Forum(AppConfig):
    """Names the room to Django."""

    name = "terrace.forum"
    label = "forum"
