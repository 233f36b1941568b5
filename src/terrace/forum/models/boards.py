"""Boards, and who may do what in them."""

from django.db import models


class Board(models.Model):
    """A place for topics; a board with children is also a heading over them."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    line = models.CharField(max_length=200, blank=True, help_text="one sentence about it")
    translations = models.JSONField(default=dict, blank=True, help_text='{"en": {"name": …, "line": …}}')
    icon = models.CharField(max_length=40, default="messages-square")
    position = models.PositiveIntegerField(default=0)
    kinds = models.JSONField(default=list, blank=True, help_text="kinds of topic that may be opened; empty for all")
    premoderated = models.BooleanField(default=False)
    slow_seconds = models.PositiveIntegerField(default=0, help_text="seconds between two posts of one member")
    topic_count = models.PositiveIntegerField(default=0)
    post_count = models.PositiveIntegerField(default=0)
    last_topic = models.ForeignKey("forum.Topic", null=True, on_delete=models.SET_NULL, related_name="+")
    last_post_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def named(self, language: str) -> str:
        """Return the name in a language, or the first one."""
        return self.translations.get(language[:2], {}).get("name") or self.name

    def lined(self, language: str) -> str:
        """Return the sentence about the board in a language, or the first one."""
        return self.translations.get(language[:2], {}).get("line") or self.line


class BoardRule(models.Model):
    """Who may do one thing in a board. Without a row the parent's holds, and above that the default of the act."""

    SEE, READ, OPEN, REPLY = "see", "read", "open", "reply"
    EVERYONE, MEMBERS, STAFF, NOBODY = "everyone", "members", "staff", "nobody"

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=5, choices=[(a, a) for a in (SEE, READ, OPEN, REPLY)])
    audience = models.CharField(
        max_length=8, choices=[(a, a) for a in (EVERYONE, MEMBERS, STAFF, NOBODY)], default=MEMBERS
    )
    level = models.PositiveSmallIntegerField(default=0, help_text="the level that a member needs")
    group = models.ForeignKey("memberships.Group", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "act"], name="board_rule_once")]


class BoardModerator(models.Model):
    """A member who moderates one board and those below it."""

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "member"], name="board_moderator_once")]


class BoardFollow(models.Model):
    """A member wants this board's topics in the following list."""

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "member"], name="board_follow_once")]
        indexes = [models.Index(fields=["member"], name="board_follow_member")]
