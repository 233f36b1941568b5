"""Django's entry for this room."""

from django.apps import AppConfig


class Rewards(AppConfig):
    """Names the room to Django."""

    name = "terrace.rewards"
    label = "rewards"
