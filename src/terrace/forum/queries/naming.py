"""What boards, topics and posts are called, for who knows only their ids."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import get_language, gettext

from terrace.forum.models import Board, Post, Topic


def names_of(wanted: Mapping[str, Iterable[int]]) -> dict[str, tuple[str, str]]:
    """Answer `members.names`: return (name, address) by "board:18", "topic:12", "post:40". Asks no permission: for staff."""
    language = get_language() or "zh"
    found = {}
    for board in Board.objects.filter(pk__in=wanted.get("board", ())):
        found[f"board:{board.pk}"] = (_quoted(board.named(language)), reverse("forum:board_open", args=[board.slug]))
    for topic in Topic.objects.filter(pk__in=wanted.get("topic", ())).only("pk", "title", "slug"):
        address = reverse("forum:topic_open", args=[topic.pk, topic.slug or "-"])
        found[f"topic:{topic.pk}"] = (_quoted(topic.title), address)
    posts = Post.objects.filter(pk__in=wanted.get("post", ())).select_related("topic")
    for post in posts.only("pk", "number", "topic__title", "topic__slug"):
        name = gettext("#%(number)s in %(topic)s") % {"number": post.number, "topic": _quoted(post.topic.title)}
        found[f"post:{post.pk}"] = (name, reverse("forum:post_open", args=[post.pk]))
    return found


def _quoted(name: str) -> str:
    return gettext("“%(name)s”") % {"name": name}
