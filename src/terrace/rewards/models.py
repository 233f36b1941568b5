"""What growth is made of."""

from django.db import models


class Growth(models.Model):
    """A member's growth: what they came with, and what present counts make."""

    member = models.OneToOneField("members.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    brought = models.PositiveIntegerField(default=0, help_text="from before anything was counted here")
    counted = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
