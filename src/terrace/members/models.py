"""An account and how people stand to each other."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What somebody is here to do. Everybody but a member is staff and signs in with a second factor."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ENGINEER = "engineer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


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
    REQUIRED_FIELDS: list[str] = []

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
        indexes = [models.Index(fields=["-joined_at"], name="member_joined")]

    def __str__(self) -> str:
        return self.handle

    @property
    def is_staff_role(self) -> bool:
        """Whether this is one of the people who run the place."""
        return self.role != Role.MEMBER

    @property
    def is_active(self) -> bool:
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
