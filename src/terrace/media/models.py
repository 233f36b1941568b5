"""Uploads, the sizes they are kept in, and the places that use them."""

from django.db import models


class Upload(models.Model):
    """One picture, decoded and written anew: what came in from outside is never served."""

    IMAGE, AVATAR = "image", "avatar"

    key = models.CharField(max_length=40, unique=True, help_text="the unguessable name under /media/")
    member_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, default=IMAGE, choices=[(IMAGE, "image"), (AVATAR, "avatar")])
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes of the largest rendition")
    widths = models.JSONField(default=list, help_text="the widths of the renditions, in pixels")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was uploaded")
    name = models.CharField(max_length=120, blank=True, help_text="what the member called it")
    open = models.BooleanField(default=False, help_text="whether strangers may see it")
    created_at = models.DateTimeField(help_text="when it last came in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member_id", "digest", "kind"], name="upload_once")]
        indexes = [
            models.Index(fields=["member_id", "-created_at"], name="upload_member"),
            models.Index(fields=["created_at"], name="upload_created"),
        ]


class Use(models.Model):
    """A place that shows an upload, such as `post:12` or `avatar:7`. Without any for a day, the upload goes."""

    upload = models.ForeignKey("media.Upload", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "upload"], name="use_once")]
