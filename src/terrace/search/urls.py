"""Addresses of search."""

from django.urls import path

from terrace.search import console, views

app_name = "search"
urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/related/<int:topic_id>/", views.related, name="related"),
    path("search/similar", views.similar, name="similar"),
    path("search/complete", views.complete, name="complete"),
    path("console/product-words/", console.console_words, name="console_words"),
]
