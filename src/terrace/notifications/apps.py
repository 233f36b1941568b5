"""Django's entry for this room."""

from django.apps import AppConfig


class Notifications(AppConfig):
    """Names the room to Django."""

    name = "terrace.notifications"
    label = "notifications"
