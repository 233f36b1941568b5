"""What a member has given that stands: counts for rewards."""

from dataclasses import dataclass

from django.db.models import Count
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
    posts = Post.objects.filter(author_id=member_id, state=Post.PUBLISHED)
    by_day = dict(posts.values_list(TruncDate("created_at")).annotate(n=Count("id")).order_by())
    replies = posts.filter(number__gt=1).values_list(TruncDate("created_at")).annotate(n=Count("id")).order_by()
    topics = Topic.objects.shown().filter(author_id=member_id)
    return Standing(
        topics=topics.count(),
        replies=sum(min(number, replies_a_day) for _day, number in replies),
        reactions=Reaction.objects.filter(post__author_id=member_id, post__state=Post.PUBLISHED).count(),
        answers=Question.objects.filter(accepted__author_id=member_id, accepted__state=Post.PUBLISHED).count(),
        featured=topics.filter(featured_at__isnull=False).count(),
        days=len(by_day),
    )


def author_of_topic(topic_id: int) -> int | None:
    """Return who opened a topic."""
    return Topic.objects.filter(pk=topic_id).values_list("author_id", flat=True).first()
