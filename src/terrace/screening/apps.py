"""Django's entry for this room."""

from django.apps import AppConfig


class Screening(AppConfig):
    """Names the room to Django."""

    name = "terrace.screening"
    label = "screening"
