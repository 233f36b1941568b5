"""What was written lately, and the operator's lists."""

from django.db import models


class Trace(models.Model):
    """That somebody wrote something, and its fingerprint; the words themselves are not kept. Goes after three days."""

    member_id = models.BigIntegerField()
    at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0, help_text="signs that count, without marks and spaces")
    fingerprint = models.BigIntegerField(null=True, help_text="simhash; none for a short text")
    # The fingerprint in six parts: two that differ in few bits have at least one of them in common, most times.
    band_0 = models.IntegerField(null=True)
    band_1 = models.IntegerField(null=True)
    band_2 = models.IntegerField(null=True)
    band_3 = models.IntegerField(null=True)
    band_4 = models.IntegerField(null=True)
    band_5 = models.IntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member_id", "-at"], name="trace_member"),
            models.Index(fields=["at"], name="trace_at"),
            *(models.Index(fields=[f"band_{n}", "at"], name=f"trace_band_{n}") for n in range(6)),
        ]


class ListedWord(models.Model):
    """A word or phrase that the operator does something about."""

    BLOCK, HOLD, REPLACE, ALLOW = "block", "hold", "replace", "allow"
    KINDS = [(BLOCK, "block"), (HOLD, "hold"), (REPLACE, "replace"), (ALLOW, "allow")]

    pattern = models.CharField(max_length=60, help_text="as typed by the operator")
    folded = models.CharField(max_length=80, unique=True, help_text="the form that is compared")
    kind = models.CharField(max_length=7, choices=KINDS, default=HOLD)
    replacement = models.CharField(max_length=60, blank=True)
    sound = models.BooleanField(default=False, help_text="whether other characters of the same sound count")
    note = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()


class ListedDomain(models.Model):
    """A domain, with all below it, whose links are stopped, held, or never counted."""

    BLOCK, HOLD, ALLOW = "block", "hold", "allow"
    KINDS = [(BLOCK, "block"), (HOLD, "hold"), (ALLOW, "allow")]

    domain = models.CharField(max_length=253, unique=True, help_text="lower case, in ASCII, such as example.com")
    kind = models.CharField(max_length=5, choices=KINDS, default=HOLD)
    note = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()
