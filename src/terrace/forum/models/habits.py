"""What members do with posts, and where they are in what they read."""

from django.db import models


class Reaction(models.Model):
    """One member's reaction to one post."""

    LIKE, INSIGHT, THANKS = "like", "insight", "thanks"
    KINDS = [(LIKE, "like"), (INSIGHT, "insight"), (THANKS, "thanks")]

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="reaction_once")]
        indexes = [models.Index(fields=["member", "-id"], name="reaction_member")]


class Bookmark(models.Model):
    """A post that a member wants to find again."""

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="bookmark_once")]
        indexes = [models.Index(fields=["member", "-id"], name="bookmark_member")]


class Position(models.Model):
    """How far a member has read a topic, on whatever device."""

    topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="position_once")]


class TopicFollow(models.Model):
    """A member wants to hear of new posts in a topic, or wants to hear nothing of it."""

    FOLLOW, MUTE = "follow", "mute"

    topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=[(FOLLOW, "follow"), (MUTE, "mute")], default=FOLLOW)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "member"], name="topic_follow_once")]
        indexes = [models.Index(fields=["member"], name="topic_follow_member")]


class Draft(models.Model):
    """Something half written: for a new topic in a board, a reply to a topic, or the edit of a post."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=40, help_text="new:3, reply:12, edit:99")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="draft_once")]


class Submission(models.Model):
    """A form that a member sent, with the post that it made, so that the same form sent twice makes one."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="SHA-256 of the one-time key of the form and of what was typed")
    post = models.ForeignKey("forum.Post", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="submission_once")]
