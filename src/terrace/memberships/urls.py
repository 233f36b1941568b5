"""Addresses of groups at the desk."""

from django.urls import path

from terrace.memberships import console

app_name = "memberships"
urlpatterns = [
    path("console/groups/", console.console_groups, name="console_groups"),
    path("console/groups/<slug:key>/", console.console_group, name="console_group"),
    path("console/groups/<slug:key>/name", console.console_group_rename, name="console_group_rename"),
    path("console/groups/<slug:key>/delete", console.console_group_delete, name="console_group_delete"),
    path("console/groups/<slug:key>/<int:member_id>/out", console.console_group_end, name="console_group_end"),
]
