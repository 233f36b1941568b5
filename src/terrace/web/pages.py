"""Addresses of pages made of several rooms."""

from django.urls import path

from terrace.web import (
    brand_files,
    console,
    console_brand,
    console_uploads,
    demo,
    first_run,
    offline,
    styleguide,
    views,
)

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
    path("worker.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("health", views.health, name="health"),
    path("console/", console.desk, name="desk"),
    path("console/brand/", console_brand.brand, name="console_brand"),
    path("console/brand/preview/", console_brand.brand_preview, name="console_brand_preview"),
    path("console/brand/try.css", console_brand.brand_try_sheet, name="brand_try_sheet"),
    path("console/brand/versions/<int:number>/restore", console_brand.brand_restore, name="console_brand_restore"),
    path("brand/<str:version>.css", brand_files.sheet, name="brand_sheet"),
    path("icons/<str:version>/<str:name>", brand_files.icon, name="brand_icon"),
    path("manifest.webmanifest", brand_files.manifest, name="manifest"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("console/uploads/", console_uploads.uploads, name="console_uploads"),
    path("console/boards/", console.boards, name="console_boards"),
    path("console/boards/new/", console.board_new, name="console_board_new"),
    path("console/boards/<slug:slug>/", console.board_edit, name="console_board"),
    path("demo/", demo.people, name="demo"),
    path("demo/outbox/", demo.outbox, name="demo_outbox"),
    path("demo/outbox/<int:number>/", demo.letter, name="demo_letter"),
    path("setup/", first_run.setup, name="setup"),
]
