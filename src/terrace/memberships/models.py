"""Groups, and who may enter what until when and why."""

from django.db import models


class Group(models.Model):
    """A named circle of members that boards and other places can open themselves to."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)


class Entitlement(models.Model):
    """A member belongs to a group: without an end, or until one, and for a reason that can be told."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("memberships.Group", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "group"], name="entitlement_once")]
