"""Addresses of pages made of several rooms."""

from django.urls import path

from terrace.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/<str:code>/", views.language, name="language"),
]
