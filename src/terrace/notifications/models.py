"""Notices: what happened that concerns a member."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MENTION, QUOTE, REPLY, TOPIC, REACTION = "mention", "quote", "reply", "topic", "reaction"
FOLLOW, ANSWER, VERDICT, FLAG, LEVEL, SUSPENDED = "follow", "answer", "verdict", "flag", "level", "suspended"
KINDS = [
    (MENTION, _("Somebody mentions me")),
    (QUOTE, _("Somebody quotes me")),
    (REPLY, _("Somebody replies to me")),
    (TOPIC, _("New posts in topics that I follow")),
    (REACTION, _("Reactions to what I wrote")),
    (FOLLOW, _("Somebody follows me")),
    (ANSWER, _("My reply is the answer")),
    (LEVEL, _("I reach a level")),
    (FLAG, _("What became of a post that I flagged")),
    (VERDICT, _("A moderator decides about my post")),
    (SUSPENDED, _("I may not write for a while")),
]
# These are told to everybody: what is decided about somebody is not kept from them.
ALWAYS = frozenset({VERDICT, SUSPENDED})


class NoticeQuerySet(models.QuerySet):
    """Questions about notices."""

    def told(self) -> "NoticeQuerySet":
        """Those that still say something: what they tell of has not been taken back."""
        return self.filter(count__gt=0)


class Notice(models.Model):
    """One line in a member's list. What happens again to the same thing goes into the same line, while it is unread."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9)
    key = models.CharField(max_length=60, help_text="what it gathers, such as reaction:12; one line for each member")
    topic = models.ForeignKey("forum.Topic", null=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(
        "forum.Post", null=True, on_delete=models.CASCADE, related_name="+", help_text="where it leads"
    )
    data = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0, help_text="people (or acts without one) since it was last read")
    since = models.DateTimeField(help_text="parts before this were read")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-updated_at", "-id"], name="notice_list"),
            models.Index(fields=["member"], name="notice_unseen", condition=Q(seen_at=None, count__gt=0)),
        ]


class Part(models.Model):
    """One event inside a notice. It is there once, so hearing an event again changes nothing."""

    notice = models.ForeignKey("notifications.Notice", on_delete=models.CASCADE, related_name="+")
    event_id = models.BigIntegerField()
    actor = models.ForeignKey("members.Member", null=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("forum.Post", null=True, on_delete=models.CASCADE, related_name="+")
    gone = models.BooleanField(default=False, help_text="taken back, or its post does not stand")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "event_id"], name="notice_part_once")]


class Silence(models.Model):
    """A kind of notice that a member does not want."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="silence_once")]


class Device(models.Model):
    """A browser that shows notices on the screen. It belongs to whoever turned that on there last, while they are signed in."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, help_text="where its push service takes messages; a secret")
    endpoint_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of it")
    p256dh = models.CharField(max_length=100, help_text="the browser's public key")
    auth = models.CharField(max_length=40, help_text="the secret that it shares with us")
    key = models.CharField(max_length=100, help_text="our public key, which alone may send there")
    session_key = models.CharField(max_length=40, help_text="the sign-in that it ends with")
    agent = models.CharField(max_length=300, blank=True, help_text="what the browser calls itself")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="the latest message that its push service took")
    failures = models.PositiveSmallIntegerField(default=0, help_text="messages in a row that it did not take")

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="device_member")]
