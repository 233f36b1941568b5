"""What the brand makes, who makes it, and who owns one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How far a version has come. It goes up from the first to the last."""

    CLOSED = "closed", _("Closed beta")
    PUBLIC = "public", _("Public beta")
    STABLE = "stable", _("Stable")


class Named(models.Model):
    """Something with a name in each language."""

    name = models.CharField(max_length=40)
    translations = models.JSONField(default=dict, blank=True, help_text='{"en": {"name": …, "line": …}}')

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def named(self, language: str) -> str:
        """Return the name in a language, or the first one."""
        return self.translations.get(language[:2], {}).get("name") or self.name


class Shown(Named):
    """Something with a page of its own and a sentence on it."""

    slug = models.SlugField(max_length=60, unique=True)
    line = models.CharField(max_length=200, blank=True, help_text="one sentence about it")

    class Meta:
        abstract = True

    def lined(self, language: str) -> str:
        """Return the sentence in a language, or the first one."""
        return self.translations.get(language[:2], {}).get("line") or self.line


class Team(Shown):
    """People who make something: a project team, or a feature team below one."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=40, help_text="the name of a time zone, such as Asia/Shanghai")
    hours = models.JSONField(default=dict, blank=True, help_text='minutes of the day by weekday: {"0": [540, 1080]}')
    holidays = models.JSONField(default=list, blank=True, help_text="days off, as ISO 8601 dates")

    class Meta:
        ordering = ["id"]


class TeamMember(models.Model):
    """Somebody's part in a team. Leads and product managers run it."""

    LEAD, MANAGER, ENGINEER, TESTER = "lead", "manager", "engineer", "tester"
    PARTS = [
        (LEAD, _("Lead")),
        (MANAGER, _("Product manager")),
        (ENGINEER, _("Engineer")),
        (TESTER, _("Tester")),
    ]

    team = models.ForeignKey("products.Team", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=8, choices=PARTS)
    on_call = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "member"], name="team_member_once")]


class Product(Shown):
    """Something that the brand makes."""

    icon = models.CharField(max_length=40, default="smartphone")
    picture_id = models.BigIntegerField(null=True, help_text="the upload")
    picture_key = models.CharField(max_length=40, blank=True, help_text="the upload's name under /media/")
    position = models.PositiveIntegerField(default=0)
    team = models.ForeignKey("products.Team", null=True, on_delete=models.PROTECT, related_name="+")
    runs = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", help_text="whose versions a device carries"
    )
    owners = models.PositiveIntegerField(default=0, help_text="members who list one")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(runs=F("id")), name="product_runs_another")]


class Module(Named):
    """A part of a product, and the team that owns it."""

    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("products.Team", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="module_once")]


class Version(models.Model):
    """A version of a product: planned, or with members in one of the channels."""

    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    released_at = models.DateTimeField(null=True, help_text="since when it is in its channel; null while planned")
    note = models.TextField(blank=True, help_text="Markdown")
    note_html = models.TextField(blank=True, help_text="the note, rendered and sanitised")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="version_once")]
        indexes = [
            models.Index(fields=["product", "-released_at", "-id"], name="version_released"),
            models.Index(fields=["product", "channel", "-released_at"], name="version_channel"),
        ]

    def __str__(self) -> str:
        return self.number


class Build(models.Model):
    """One build of a version."""

    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("products.Version", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=60)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="build_once")]
        indexes = [models.Index(fields=["version", "-at"], name="build_version")]


class Device(models.Model):
    """A product that a member owns."""

    MOST = 20  # devices that one member lists

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("products.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    build = models.CharField(max_length=60, blank=True, help_text="as the device says it")
    nickname = models.CharField(max_length=30, blank=True)
    since = models.DateField()
    shown = models.BooleanField(default=True, help_text="whether the profile shows it")

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "product", "nickname"], name="device_once")]
        indexes = [models.Index(fields=["product", "member"], name="device_product")]
