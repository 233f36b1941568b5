"""What a member has given that stands: counts for rewards."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from terrace.forum.models import Post, Question, Reaction, Topic


@dataclass(frozen=True, slots=True)
class Standing:
    """Present counts of one member. `replies` counts at most so many of one day; `days` are days with a post."""

    topics: int
    replies: int
    reactions: int
    answers: int
    featured: int
    days: int


def standing_of(member_id: int, *, replies_a_day: int) -> Standing:
    """Return what a member has given that stands now, with five queries on indexes by author."""
    replies = list(replies_by_day(member_id))
    topics = Topic.objects.shown().filter(author_id=member_id)
    return Standing(
        topics=topics.count(),
        replies=sum(min(number, replies_a_day) for _day, number in replies),
        reactions=Reaction.objects.filter(post__author_id=member_id, post__state=Post.PUBLISHED).count(),
        answers=Question.objects.filter(accepted__author_id=member_id, accepted__state=Post.PUBLISHED).count(),
        featured=topics.filter(featured_at__isnull=False).count(),
        days=len(replies),
    )


def replies_by_day(member_id: int) -> QuerySet:
    """Return (day, replies) for each day with a post that stands, read from an index alone."""
    posts = Post.objects.filter(author_id=member_id, state=Post.PUBLISHED)
    days = posts.values_list(TruncDate("created_at"))
    return days.annotate(replies=Count("number", filter=Q(number__gt=1))).order_by()


def author_of_topic(topic_id: int) -> int | None:
    """Return who opened a topic."""
    return Topic.objects.filter(pk=topic_id).values_list("author_id", flat=True).first()
