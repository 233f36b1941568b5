"""Django's entry for this room."""

from django.apps import AppConfig


class Kernel(AppConfig):
    """Names the room to Django."""

    name = "terrace.kernel"
    label = "kernel"
