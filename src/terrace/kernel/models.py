"""The record of what happened, what still has to hear of it, and the operator's options."""

from django.db import models
from django.db.models import Q


class EventRow(models.Model):
    """One thing that happened. Never changed, never deleted: audit log, activity feed and fact table."""

    kind = models.CharField(max_length=80)
    about = models.CharField(max_length=80, help_text="the object, such as post:12")
    actor_id = models.BigIntegerField(null=True)
    data = models.JSONField()
    cause = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    depth = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "id"], name="event_about"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            models.Index(fields=["actor_id", "id"], name="event_actor"),
        ]


class Delivery(models.Model):
    """One listener that has to hear one event."""

    DUE, DONE, DEAD = "due", "done", "dead"

    event = models.ForeignKey("kernel.EventRow", on_delete=models.PROTECT, related_name="+")
    listener = models.CharField(max_length=120)
    state = models.CharField(max_length=4, default=DUE)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_due", condition=Q(state="due")),
            models.Index(fields=["id"], name="delivery_dead", condition=Q(state="dead")),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "listener"], name="delivery_once")]


class PeriodicRun(models.Model):
    """The claim of one run of one periodic task: whoever inserts the row runs it."""

    name = models.CharField(max_length=120)
    minute = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "minute"], name="periodic_once")]


class Option(models.Model):
    """One choice of the operator, over the default that a room declares."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()


class OutboxMessage(models.Model):
    """A mail or text message that was not handed to anybody, because none is configured or this is a demo."""

    channel = models.CharField(max_length=8)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField()


class Heartbeat(models.Model):
    """When a process last said that it is alive."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
