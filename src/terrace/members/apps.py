"""Django's entry for this room."""

from django.apps import AppConfig


class Members(AppConfig):
    """Names the room to Django."""

    name = "terrace.members"
    label = "members"
