"""Addresses of notices."""

from django.urls import path

from terrace.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/read", views.notices_read, name="notices_read"),
    path("notices/<int:notice_id>/", views.notice_open, name="notice_open"),
    path("settings/notices/", views.preferences, name="preferences"),
    path("settings/notices/devices/", views.device_join, name="device_join"),
    path("settings/notices/devices/<int:device_id>/end/", views.device_end, name="device_end"),
]
