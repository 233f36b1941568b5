"""What the forum does when a member leaves."""

from terrace.forum.actions.drafts import drop_drafts
from terrace.forum.models import BoardFollow, BoardModerator, Bookmark, Position, Submission, TopicFollow


def forget_member(member_id: int) -> None:
    """Drop a departed member's private habits. Posts stay under the name that the account has now."""
    drop_drafts(member_id)
    for model in (BoardFollow, BoardModerator, Bookmark, Position, Submission, TopicFollow):
        model.objects.filter(member_id=member_id).delete()  # type: ignore[attr-defined]
