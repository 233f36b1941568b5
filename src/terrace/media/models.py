"""Uploads and the sizes they are kept in."""

from django.db import models


class Upload(models.Model):
    """One picture, decoded and written anew: what came in from outside is never served."""

    key = models.CharField(max_length=40, unique=True, help_text="the unguessable name under /media/")
    member_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, default="image")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes of the largest rendition")
    widths = models.JSONField(default=list, help_text="the widths of the renditions, in pixels")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was uploaded")
    name = models.CharField(max_length=120, blank=True, help_text="what the member called it")
    kept = models.PositiveIntegerField(default=0, help_text="how many places use it; zero for a day and it goes")
    open = models.BooleanField(default=False, help_text="whether strangers may see it")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member_id", "-id"], name="upload_member")]
