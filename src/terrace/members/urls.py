"""Addresses of accounts and profiles."""

app_name = "members"
urlpatterns: list = []
