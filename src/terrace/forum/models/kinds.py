"""What a question and a poll keep beside their topic."""

from django.db import models


class Question(models.Model):
    """A topic that wants an answer, and the post that was it."""

    topic = models.OneToOneField("forum.Topic", on_delete=models.CASCADE, related_name="+")
    accepted = models.OneToOneField("forum.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_by = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)


class Poll(models.Model):
    """A topic that asks for votes."""

    topic = models.OneToOneField("forum.Topic", on_delete=models.CASCADE, related_name="+")
    most = models.PositiveSmallIntegerField(default=1, help_text="how many choices one member may take")
    closes_at = models.DateTimeField(null=True)
    voters = models.PositiveIntegerField(default=0)


class Choice(models.Model):
    """One answer of a poll."""

    poll = models.ForeignKey("forum.Poll", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="choice_position")]
        ordering = ["position"]


class Vote(models.Model):
    """One member took one choice."""

    poll = models.ForeignKey("forum.Poll", on_delete=models.CASCADE, related_name="+")
    choice = models.ForeignKey("forum.Choice", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["choice", "member"], name="vote_once")]
        indexes = [models.Index(fields=["poll", "member"], name="vote_member")]
