"""Uploads, the sizes they are kept in, what they look like, and the places that use them."""

from django.db import models


class Upload(models.Model):
    """A picture, a video or a sound, read and written anew: what came in from outside is never served."""

    IMAGE, AVATAR, VIDEO, AUDIO = "image", "avatar", "video", "audio"
    # The widths that addresses name, in pixels; a smaller picture is served as it is.
    WIDTHS = (320, 640, 960, 1920)
    SQUARES = (64, 128, 256)

    key = models.CharField(max_length=40, unique=True, help_text="the unguessable name under /media/")
    member_id = models.BigIntegerField()
    kind = models.CharField(
        max_length=8,
        default=IMAGE,
        choices=[(IMAGE, "image"), (AVATAR, "avatar"), (VIDEO, "video"), (AUDIO, "audio")],
    )
    width = models.PositiveIntegerField(help_text="as it is seen, in pixels; 0 for a sound")
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes of the largest rendition, or of the video or sound")
    widths = models.JSONField(default=list, help_text="the widths of the renditions (of the poster), in pixels")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was uploaded")
    name = models.CharField(max_length=120, blank=True, help_text="what the member called it")
    open = models.BooleanField(default=False, help_text="whether strangers may see it")
    created_at = models.DateTimeField(help_text="when it last came in")
    ending = models.CharField(max_length=4, blank=True, help_text="of a video or sound: mp4, webm, m4a, mp3, ogg, wav")
    seconds = models.FloatField(default=0, help_text="how long a video or sound plays")
    blur = models.CharField(max_length=120, blank=True, help_text="a few of its pixels, as `kernel.markup.Shown` says")
    look = models.CharField(max_length=64, blank=True, help_text="what it looks like: 256 bits; empty where too plain")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member_id", "digest", "kind"], name="upload_once")]
        indexes = [
            models.Index(fields=["member_id", "-created_at"], name="upload_member"),
            models.Index(fields=["created_at"], name="upload_created"),
        ]


class Look(models.Model):
    """A quarter of a coarse look. Pictures that look alike have one in common, so an index finds them."""

    upload = models.ForeignKey("media.Upload", on_delete=models.CASCADE, related_name="+")
    word = models.IntegerField(help_text="which quarter, and its 16 bits")

    class Meta:
        indexes = [models.Index(fields=["word", "-upload"], name="look_word")]


class Use(models.Model):
    """A place that shows an upload, such as `post:12` or `avatar:7`. Without any for a day, the upload goes."""

    upload = models.ForeignKey("media.Upload", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "upload"], name="use_once")]
