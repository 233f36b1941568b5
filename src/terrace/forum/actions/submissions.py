"""Forms that were sent: the same form sent twice makes one post."""

from datetime import datetime

from terrace.forum.models import Post, Submission
from terrace.members.models import Member


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


def drop_old_submissions(before: datetime) -> int:
    """Forget the forms that were sent before; return how many there were."""
    return Submission.objects.filter(at__lt=before).delete()[0]
