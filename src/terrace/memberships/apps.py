"""Django's entry for this room."""

from django.apps import AppConfig


class Memberships(AppConfig):
    """Names the room to Django."""

    name = "terrace.memberships"
    label = "memberships"
