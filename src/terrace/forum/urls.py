"""Addresses of the forum."""

app_name = "forum"
urlpatterns: list = []
