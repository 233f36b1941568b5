"""Addresses of pages made of several rooms."""

from django.urls import path

from terrace.web import console, demo, first_run, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/<str:code>/", views.language, name="language"),
    path("live/renew", views.live_renew, name="live_renew"),
    path("avatar/<int:member_id>.svg", views.avatar, name="avatar"),
    path("t/<int:topic_id>/card.png", views.topic_card, name="topic_card"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:after>.xml", views.sitemap, name="sitemap"),
    path("health", views.health, name="health"),
    path("console/", console.desk, name="desk"),
    path("console/brand/", console.brand, name="console_brand"),
    path("console/boards/", console.boards, name="console_boards"),
    path("console/boards/new/", console.board_new, name="console_board_new"),
    path("console/boards/<slug:slug>/", console.board_edit, name="console_board"),
    path("demo/", demo.people, name="demo"),
    path("demo/outbox/", demo.outbox, name="demo_outbox"),
    path("setup/", first_run.setup, name="setup"),
]
