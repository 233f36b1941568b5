"""What moderation does when a member leaves."""

from terrace.moderation.models import Appeal, Decision, Flag


def forget_member(member_id: int) -> None:
    """A member has left: their own words go. That a decision was made stays in the log, which names nobody."""
    Flag.objects.filter(member_id=member_id).update(text="")
    Appeal.objects.filter(case__author_id=member_id).update(text="")
    Decision.objects.filter(case__author_id=member_id).update(message="")
