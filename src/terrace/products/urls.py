"""Addresses of products, teams and devices."""

from django.urls import path

from terrace.products import console, views

app_name = "products"
_product = "console/products/<slug:slug>/"
_version = f"{_product}versions/<str:number>/"
_team = "console/teams/<slug:slug>/"
urlpatterns = [
    path("products/", views.product_list, name="product_list"),
    path("products/<slug:slug>/", views.product_open, name="product_open"),
    path("products/<slug:slug>/feed.atom", views.product_feed, name="product_feed"),
    path("teams/<slug:slug>/", views.team_open, name="team_open"),
    path("settings/devices/", views.device_list, name="device_list"),
    path("settings/devices/<int:device_id>/", views.device_open, name="device_open"),
    path("settings/devices/<int:device_id>/drop", views.device_drop, name="device_drop"),
    path("console/products/", console.console_products, name="console_products"),
    path(_product, console.console_product, name="console_product"),
    path(f"{_product}edit", console.console_product_edit, name="console_product_edit"),
    path(f"{_product}picture", console.console_product_picture, name="console_product_picture"),
    path(f"{_product}retire", console.console_product_retire, name="console_product_retire"),
    path(f"{_product}modules/new", console.console_module_new, name="console_module_new"),
    path(f"{_product}modules/<int:number>/", console.console_module, name="console_module"),
    path(f"{_product}versions/new/", console.console_version_new, name="console_version_new"),
    path(_version, console.console_version, name="console_version"),
    path(f"{_version}release", console.console_version_release, name="console_version_release"),
    path(f"{_version}raise", console.console_version_raise, name="console_version_raise"),
    path(f"{_version}builds/new", console.console_build_new, name="console_build_new"),
    path("console/teams/", console.console_teams, name="console_teams"),
    path(_team, console.console_team, name="console_team"),
    path(f"{_team}edit", console.console_team_edit, name="console_team_edit"),
    path(f"{_team}part", console.console_team_part, name="console_team_part"),
    path(f"{_team}hours/", console.console_team_hours, name="console_team_hours"),
    path(f"{_team}people/<int:member_id>/out", console.console_team_leave, name="console_team_leave"),
]
