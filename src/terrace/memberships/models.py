"""Groups, and who may enter what until when and why."""

from datetime import datetime

from django.db import models
from django.db.models import Expression, Q


class Group(models.Model):
    """A named circle of members that boards and other places can open themselves to."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)


class Entitlements(models.QuerySet["Entitlement"]):
    """Questions put to entitlements."""

    def at(self, now: datetime | Expression) -> "Entitlements":
        """Keep those in force at `now`: begun, and not past their end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


class Entitlement(models.Model):
    """A member belongs to a group: without an end, or until one, and for a reason that can be told."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("memberships.Group", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120)

    objects = Entitlements.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "group"], name="entitlement_once")]

    def is_over(self, now: datetime) -> bool:
        """Return whether the end has passed."""
        return self.ends_at is not None and self.ends_at <= now
