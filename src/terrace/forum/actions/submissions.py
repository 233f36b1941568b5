"""Forms that were sent: the same form sent twice makes one post."""

from datetime import datetime, timedelta

from terrace.forum.models import Post, Submission
from terrace.members.models import Member

AGAIN = timedelta(minutes=10)  # within which the same words from a form that was loaded anew are the same post


def made(key: str, *, by: Member) -> Post | None:
    """Return the post that a form with this key has made, or None where it made none, or has no key."""
    if not key:
        return None
    sent = Submission.objects.filter(member=by, key=key).select_related("post__topic").first()
    return sent.post if sent is not None else None


def begin(key: str, *, by: Member, now: datetime) -> Post | None:
    """Take a form's key in the caller's transaction, waiting for whoever holds it; return what it made meanwhile."""
    if not key:
        return None
    _sent, first = Submission.objects.get_or_create(member=by, key=key, defaults={"at": now})
    return None if first else made(key, by=by)


def finish(key: str, post: Post, *, by: Member) -> None:
    """Note what a form made, in the transaction that took its key."""
    if key:
        Submission.objects.filter(member=by, key=key).update(post=post)


def same_topic(by: Member, board_id: int, title: str, source: str, now: datetime) -> Post | None:
    """Return the first post of a topic that this member opened a moment ago with the same words: back, and sent again."""
    rows = Post.objects.filter(author=by, number=1, source=source, created_at__gt=now - AGAIN).exclude(
        state=Post.HIDDEN
    )
    return rows.filter(topic__board_id=board_id, topic__title=title).select_related("topic").first()


def same_reply(by: Member, topic_id: int, source: str, now: datetime) -> Post | None:
    """Return this member's last reply to a topic if it was written a moment ago with the same words."""
    last = Post.objects.filter(author=by, topic_id=topic_id, number__gt=1).order_by("-number").first()
    again = last is not None and last.source == source and last.state != Post.HIDDEN and last.created_at > now - AGAIN
    return last if again else None


def drop_old_submissions(before: datetime) -> int:
    """Forget the forms that were sent before; return how many there were."""
    return Submission.objects.filter(at__lt=before).delete()[0]
