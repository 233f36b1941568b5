"""Cases, what members flagged, what was decided, and what authors say to that."""

from django.db import models
from django.db.models import Q

# Why something is flagged or taken away; the public log names one of these.
SPAM, ABUSE, OFF_TOPIC, ILLEGAL, OTHER = "spam", "abuse", "off_topic", "illegal", "other"
CATEGORIES = [(each, each) for each in (SPAM, ABUSE, OFF_TOPIC, ILLEGAL, OTHER)]


class Case(models.Model):
    """Everything about one post that a moderator has to decide. A post has one for ever; it opens and closes."""

    OPEN, CLOSED = "open", "closed"

    post = models.OneToOneField("forum.Post", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=6, choices=[(OPEN, "open"), (CLOSED, "closed")], default=OPEN)
    held = models.BooleanField(default=False, help_text="the post waits to be read before it is shown")
    first = models.BooleanField(default=False, help_text="held, and among the first posts of its author")
    reasons = models.JSONField(default=list, help_text="of screening, as keys")
    flag_count = models.PositiveIntegerField(default=0, help_text="flags that wait for an answer")
    flag_weight = models.PositiveIntegerField(default=0, help_text="what they weigh together")
    appealed = models.BooleanField(default=False, help_text="the author asks for a second look")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="by when it should be decided: the order of the queue")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="case_queue", condition=Q(state="open")),
            models.Index(fields=["author"], name="case_author"),
        ]


class Flag(models.Model):
    """One member says that a post should not stand."""

    WAITING, UPHELD, STANDS = "waiting", "upheld", "stands"
    ANSWERS = [(WAITING, "waiting"), (UPHELD, "upheld"), (STANDS, "stands")]

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=9, choices=CATEGORIES)
    text = models.CharField(max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField()
    trusted = models.BooleanField(default=False, help_text="counts towards hiding the post before a moderator comes")
    answer = models.CharField(max_length=7, choices=ANSWERS, default=WAITING)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="flag_once")]
        indexes = [models.Index(fields=["member", "-at"], name="flag_member")]


class Decision(models.Model):
    """What a moderator did about a post, in the queue or on the post itself."""

    STAND, HIDE, SUSPEND, DISMISS = "stand", "hide", "suspend", "dismiss"
    # What the first two come to where the post was held or hidden: it is let through, shown again, or stays hidden.
    APPROVE, RESTORE, UPHOLD = "approve", "restore", "uphold"
    VERDICTS = [(each, each) for each in (STAND, HIDE, SUSPEND, DISMISS, APPROVE, RESTORE, UPHOLD)]
    AGAINST = (HIDE, SUSPEND, UPHOLD)

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey("forum.Board", null=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(max_length=7, choices=VERDICTS)
    category = models.CharField(max_length=9, choices=CATEGORIES, blank=True)
    message = models.CharField(max_length=300, blank=True, help_text="what the author was told")
    by = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    elsewhere = models.BooleanField(default=False, help_text="done on the post itself, outside the queue")
    before = models.JSONField(default=dict, help_text="how post, case and author stood before: what undo goes back to")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["case", "-id"], name="decision_case"),
            models.Index(fields=["-id"], name="decision_log", condition=Q(undone_at__isnull=True)),
        ]


class Appeal(models.Model):
    """An author asks, once for each post, that a decision be looked at again."""

    WAITING, UPHELD, OVERTURNED = "waiting", "upheld", "overturned"
    OUTCOMES = [(WAITING, "waiting"), (UPHELD, "upheld"), (OVERTURNED, "overturned")]

    case = models.OneToOneField("moderation.Case", on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey("moderation.Decision", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=1000)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, default=WAITING)
    at = models.DateTimeField()
