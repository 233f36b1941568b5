"""What happens to accounts."""

from datetime import datetime

from terrace.members.models import Member


def note_seen(member: Member, *, now: datetime) -> None:
    """Keep when somebody was last here (to within a few minutes)."""
    Member.objects.filter(pk=member.pk).update(last_seen_at=now)
    member.last_seen_at = now


def choose_language(member: Member, language: str) -> None:
    """Speak this language to the member from now on."""
    Member.objects.filter(pk=member.pk).update(language=language)
    member.language = language
