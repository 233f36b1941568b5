"""What a word that somebody is writing may become."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from terrace.forum.models import Post, Tag, Topic, TopicTag
from terrace.forum.policies import Access, check_read
from terrace.forum.queries import topic as topics
from terrace.kernel import words
from terrace.kernel.errors import Refused

NEAR = 100  # posts at the end of a topic whose authors are its people
MOST_PEOPLE = 50


def readable_topic_id(topic_id: int, access: Access) -> int | None:
    """Return the id of a topic if the reader may read it."""
    topic = topics.load(topic_id, access) if topic_id else None
    if topic is None:
        return None
    try:
        check_read(access, topic)
    except Refused:
        return None
    return topic.pk


def people_of_topic(topic_id: int) -> list[int]:
    """Return who spoke in a topic of late: the last first, and who opened it."""
    shown = Post.objects.filter(topic_id=topic_id, state=Post.PUBLISHED)
    late = list(shown.order_by("-number").values_list("author_id", flat=True)[:NEAR])
    first = list(shown.filter(number=1).values_list("author_id", flat=True))
    return list(dict.fromkeys(late + first))[:MOST_PEOPLE]


def tags_beginning(text: str, access: Access, *, most: int) -> list[str]:
    """Return tags whose name begins so, the most used first; only those under which the reader may read a topic."""
    key = words.fold(text.strip().strip("#"))[:40]
    if not key:
        return []
    under = TopicTag.objects.filter(
        tag=OuterRef("pk"), topic__state=Topic.PUBLISHED, topic__board_id__in=access.ids("read")
    )
    rows = Tag.objects.filter(_begins(key)).filter(Exists(under))
    return list(rows.order_by("-uses", "pk").values_list("name", flat=True)[:most])


def _begins(key: str) -> Q:
    # The same as in search: SQLite has no index for LIKE with an escape sign, PostgreSQL none for a range.
    if connection.vendor == "sqlite":
        return Q(folded__gte=key, folded__lt=key + "\U0010ffff")
    return Q(folded__startswith=key)
