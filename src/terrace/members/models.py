"""An account and how people stand to each other."""

import bisect
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from terrace.kernel import options

# The ladder as it comes: growth from which each level begins, and its title. It follows the plant.
LADDER = [
    (0, _("Seed")),
    (20, _("Sprout")),
    (80, _("Tiller")),
    (200, _("Stem")),
    (500, _("Ear")),
    (1200, _("Bloom")),
    (3000, _("Milk")),
    (8000, _("Grain")),
]
_STEPS = [growth for growth, _title in LADDER]


def _own_ladder(value: Any) -> list[dict[str, Any]]:
    """Return the operator's ladder: for each level where it begins and its titles; an empty title is the one that comes with it."""
    if value == []:
        return []
    if not isinstance(value, list) or len(value) != len(LADDER):
        raise ValueError("one step for each of the eight levels")
    begins = [int(each["growth"]) for each in value]
    if begins[0] != 0 or any(above <= below for below, above in pairwise(begins)):
        raise ValueError("the first level begins at 0, each other one above the one before")
    return [
        {"growth": growth, "zh": str(each["zh"])[:24], "en": str(each["en"])[:24]}
        for growth, each in zip(begins, value, strict=True)
    ]


OWN_LADDER = options.declare("members.ladder", [], "Where each level begins, and its titles", _own_ladder)


def steps() -> list[int]:
    """Return the growth from which each level begins, the first level first."""
    return [each["growth"] for each in options.get(OWN_LADDER)] or _STEPS


def title_at(level: int) -> str:
    """Return the title of a level (1 to 8; what is beyond counts as the nearest) in the reader's language."""
    at, own = min(max(level, 1), len(LADDER)) - 1, options.get(OWN_LADDER)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return (own[at][language] if own else "") or str(LADDER[at][1])


def level_at(growth: int) -> int:
    """Return the level (1 to 8) that this much growth makes."""
    return bisect.bisect_right(steps(), max(growth, 0))


def progress_at(growth: int) -> int:
    """Return how much of the way to the next level is done, 0 to 100; 100 on the last level."""
    level, begins = level_at(growth), steps()
    if level == len(begins):
        return 100
    below, above = begins[level - 1], begins[level]
    return (growth - below) * 100 // (above - below)


class Role(models.TextChoices):
    """What somebody is here to do. Everybody but a member is staff and signs in with a second factor."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    ENGINEER = "engineer", _("Engineer")
    OPERATOR = "operator", _("Operator")
    ADMINISTRATOR = "administrator", _("Administrator")


class MemberQuerySet(models.QuerySet):
    """Questions about members."""

    def present(self) -> "MemberQuerySet":
        """Those who have not been deleted."""
        return self.filter(deleted_at=None)

    def active(self, now: datetime) -> "MemberQuerySet":
        """Those who may sign in and act now."""
        return self.present().filter(Q(suspended_until=None) | Q(suspended_until__lte=now))


class Members(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    """The manager that Django's sign-in asks."""

    def get_by_natural_key(self, username: str) -> "Member":
        """Return the member with this handle."""
        return self.get(handle=username)


class Member(AbstractBaseUser):
    """Somebody. What stands beside every name is kept here as columns, written by upper rooms through `members.actions`."""

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    # Not a column: whether this sign-in was made with a second factor. The middleware lowers it for staff who came with a
    # password alone, and staff powers are then out of reach. Members that no browser stands behind keep it.
    second_factor = True

    handle = models.CharField(max_length=24)
    skeleton = models.CharField(max_length=48, help_text="the handle with look-alikes folded")
    handle_changed_at = models.DateTimeField(null=True)
    email = models.EmailField(max_length=254, blank=True)
    email_verified_at = models.DateTimeField(null=True)
    phone = models.CharField(max_length=16, null=True, unique=True, help_text="E.164")
    phone_verified_at = models.DateTimeField(null=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    team = models.CharField(max_length=40, blank=True, help_text="the feature team shown on a staff member's posts")
    level = models.PositiveSmallIntegerField(default=1)
    growth = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=24, blank=True, help_text="a title given by hand, before the level's")
    avatar_id = models.BigIntegerField(null=True, help_text="the upload")
    avatar_key = models.CharField(max_length=40, blank=True, help_text="the upload's name under /media/")
    city = models.CharField(max_length=40, blank=True)
    bio = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, blank=True)
    claimed = models.BooleanField(default=True, help_text="False for an author who came with an import")
    origin = models.CharField(max_length=80, null=True, unique=True, help_text="where an imported author comes from")
    joined_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    suspension_reason = models.CharField(max_length=300, blank=True)
    deleted_at = models.DateTimeField(null=True)

    objects = Members()

    class Meta:
        constraints = [
            models.UniqueConstraint("skeleton", name="member_skeleton"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="member_email"),
        ]
        indexes = [
            models.Index(fields=["-joined_at", "-id"], name="member_joined"),
            models.Index(fields=["-growth", "-id"], name="member_growth"),
            models.Index(fields=["role"], name="member_staff", condition=~Q(role="member")),
            models.Index(
                fields=["suspended_until"], name="member_suspended", condition=Q(suspended_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def is_staff_role(self) -> bool:
        """Whether this is one of the people who run the place."""
        return self.role != Role.MEMBER

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether Django lets this account sign in; a suspension is explained on a page instead of here."""
        return self.deleted_at is None and self.claimed

    def is_suspended(self, now: datetime) -> bool:
        """Whether a suspension is in force."""
        return self.suspended_until is not None and self.suspended_until > now


class Follow(models.Model):
    """One member follows another; two follows across are friends."""

    follower = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    followed = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_another"),
        ]
        indexes = [models.Index(fields=["followed", "-at"], name="follow_followed")]


class Avoidance(models.Model):
    """One member keeps away from another: a mute hides posts from me, a block also keeps them from reaching me."""

    MUTE, BLOCK = "mute", "block"

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    avoided = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=[(MUTE, "mute"), (BLOCK, "block")])
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "avoided"], name="avoidance_once"),
            models.CheckConstraint(condition=~Q(member=F("avoided")), name="avoidance_another"),
        ]
        indexes = [models.Index(fields=["avoided"], name="avoidance_avoided")]


class Invitation(models.Model):
    """A way in while registration is by invitation; the code itself is only in the link, here is its hash."""

    code_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    uses_left = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class FormerHandle(models.Model):
    """A handle that somebody gave up; until the cool-down ends nobody else may take it, and its page leads to the new one."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    handle = models.CharField(max_length=24)
    skeleton = models.CharField(max_length=48)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["skeleton", "until"], name="former_handle_skeleton")]


class Code(models.Model):
    """A one-time code that was sent to an address. Neither it nor the ticket of the browser that asked is kept: only hashes."""

    SIGN_UP, SIGN_IN, RESET, CONTACT = "sign_up", "sign_in", "reset", "contact"
    EMAIL, PHONE = "email", "phone"

    purpose = models.CharField(max_length=8)
    channel = models.CharField(max_length=5, choices=[(EMAIL, "email"), (PHONE, "phone")])
    contact = models.CharField(max_length=254)
    member = models.ForeignKey("members.Member", null=True, on_delete=models.CASCADE, related_name="+")
    ticket_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True, help_text="empty: no code will do")
    attempts_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact", "created_at"], name="code_contact"),
            models.Index(fields=["expires_at"], name="code_expires"),
        ]


class ContactChange(models.Model):
    """An address that was changed, kept for as long as it takes to tell the old one and the new one."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=5)
    old = models.CharField(max_length=254, blank=True)
    new = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField()


class StaffNote(models.Model):
    """What staff tell each other about a member."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="staff_note_member")]
