"""What the forum says of members and topics on other rooms' pages."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from terrace.forum.models import Post, Question, Topic


def names_of_topics(ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of topics."""
    return dict(Topic.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


def profile_counts(member_id: int, viewer: Any = None) -> list[tuple[str, int, str]]:
    """Answer the numbers in the head of a profile: what a member has said that stands."""
    topics = Topic.objects.shown().filter(author_id=member_id).count()
    posts = Post.objects.filter(author_id=member_id, state=Post.PUBLISHED, number__gt=1).count()
    answers = Question.objects.filter(accepted__author_id=member_id, topic__state=Topic.PUBLISHED).count()
    return [(gettext("Topics"), topics, ""), (gettext("Replies"), posts, ""), (gettext("Answers"), answers, "")]
