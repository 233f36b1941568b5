"""Addresses of uploads. The files themselves are the door's: `/media/<key>/<width>.webp`, `/media/<key>/clip.mp4`."""

from django.urls import path

from terrace.media import views

app_name = "media"
urlpatterns = [path("uploads", views.upload_new, name="upload_new")]
