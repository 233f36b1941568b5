"""What the forum does when a member leaves."""

from terrace.forum.models import BoardFollow, BoardModerator, Bookmark, Draft, Position, TopicFollow


def forget_member(member_id: int) -> None:
    """Drop a departed member's private habits. Posts stay under the name that the account has now."""
    for model in (BoardFollow, BoardModerator, Bookmark, Draft, Position, TopicFollow):
        model.objects.filter(member_id=member_id).delete()  # type: ignore[attr-defined]
