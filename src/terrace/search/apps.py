"""Django's entry for this room."""

from django.apps import AppConfig


class Search(AppConfig):
    """Names the room to Django."""

    name = "terrace.search"
    label = "search"
