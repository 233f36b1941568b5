"""Addresses of notices."""

from django.urls import path

from terrace.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/read", views.notices_read, name="notices_read"),
    path("notices/<int:notice_id>/", views.notice_open, name="notice_open"),
    path("settings/notices/", views.preferences, name="preferences"),
]
