"""What the forum says of members and topics on other rooms' pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from terrace.forum.models import Post, Question, Topic
from terrace.forum.policies import Access, access
from terrace.members.models import Member


def names_of_topics(ids: Iterable[int], reader: Access) -> dict[int, str]:
    """Return the titles of those of the topics that a reader may know of."""
    rows = Topic.objects.filter(pk__in=list(ids), board_id__in=reader.ids("read"))
    if reader.member is None or not reader.keeps_order:
        me = reader.member.pk if reader.member is not None else None
        rows = rows.filter(Q(state=Topic.PUBLISHED) | Q(author_id=me))
    return dict(rows.values_list("pk", "title"))


def profile_counts(member_id: int, viewer: Member | None, now: datetime) -> list[tuple[str, int, str]]:
    """Answer the numbers in the head of a profile: what a member has said that stands where the viewer may read."""
    return _said(member_id, {"topic__board_id__in": access(viewer, now).ids("read")})


def said_counts(member_id: int) -> list[tuple[str, int, str]]:
    """Return the same over all boards, for who keeps order."""
    return _said(member_id, {})


def _said(member_id: int, boards: dict[str, Any]) -> list[tuple[str, int, str]]:
    stands = Post.objects.filter(author_id=member_id, state=Post.PUBLISHED, topic__state=Topic.PUBLISHED, **boards)
    topics = stands.filter(number=1).count()
    posts = stands.filter(number__gt=1).count()
    answers = Question.objects.filter(accepted__author_id=member_id, topic__state=Topic.PUBLISHED, **boards).count()
    return [(gettext("Topics"), topics, ""), (gettext("Replies"), posts, ""), (gettext("Answers"), answers, "")]
