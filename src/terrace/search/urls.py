"""Addresses of search."""

from django.urls import path

from terrace.search import views

app_name = "search"
urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/similar", views.similar, name="similar"),
]
