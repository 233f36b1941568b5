"""Django's entry for this room."""

from django.apps import AppConfig


class Products(AppConfig):
    """Names the room to Django."""

    name = "terrace.products"
    label = "products"
