"""Posts as their template takes them."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from terrace.forum import policies
from terrace.forum.models import Post, Reaction, Topic
from terrace.forum.policies import Access
from terrace.kernel.addresses import address as address_of
from terrace.members import queries as members

REACTIONS = [
    (Reaction.LIKE, _("Like"), "thumbs-up"),
    (Reaction.INSIGHT, _("Insightful"), "lightbulb"),
    (Reaction.THANKS, _("Thanks"), "hand-heart"),
]


def posts_of(topic_id: int, access: Access) -> Any:
    """Return the topic's posts as they are read: with author, what they answer, and whether the reader avoids who wrote."""
    rows = (
        Post.objects.filter(topic_id=topic_id)
        .select_related("author", "reply_to", "reply_to__author", "hidden_by")
        .defer("source", "reply_to__html", "reply_to__source")
        .order_by("number")
    )
    if access.member is None:
        return rows
    avoided = members.avoided_rows(access.member.pk).filter(avoided_id=OuterRef("author_id"))
    return rows.annotate(avoided=Exists(avoided))


def post_parts(
    rows: list[Post],
    topic: Topic,
    access: Access,
    now: datetime,
    *,
    mine: dict[int, str | None],
    first_reply: int | None = None,
) -> list[Any]:
    """Return posts as the page shows them to this reader, whose own reactions are `mine` (by post).

    `first_reply` is the id of the post with which staff first answered the topic.
    """
    accepted = getattr(topic, "accepted", None)
    parts = [_part(row, topic, access, now, mine.get(row.pk), row.pk == accepted) for row in rows]
    for part in parts:
        if part.id == first_reply:
            part.wait = max(round((part.at - topic.created_at).total_seconds()), 0)
    return parts


def _part(
    post: Post,
    topic: Topic,
    access: Access,
    now: datetime,
    mine: str | None,
    accepted: bool,
) -> Any:
    shown = policies.can_see_post(access, topic, post)
    author = members.person(post.author)
    avoided = getattr(post, "avoided", False)
    return SimpleNamespace(
        id=post.pk,
        number=post.number,
        url=address_of("forum:post_open", post.pk),
        act=f"/posts/{post.pk}/",
        author=author,
        html=Markup(post.html) if shown and not avoided else None,  # noqa: S704  sanitised at write
        text_start=post.text[:200] if shown and post.state == Post.PUBLISHED else "",
        at=post.created_at,
        wait=None,
        place="",
        note=gettext("from somebody you avoid") if avoided else "",
        edited_at=post.edited_at,
        reply_to=_answered(post, topic, access) if shown else None,
        reactions=reactions_of(post, mine),
        is_accepted=accepted,
        is_staff_post=post.by_staff,
        hidden=post.state == Post.HIDDEN,
        held=post.state == Post.HELD,
        taken_back=_taken_back(post),
        # Written to the author, and no concern of others: they find the kind of reason in the moderation log.
        hidden_reason=post.hidden_reason if shown else "",
        hidden_by=members.person(post.hidden_by)
        if post.hidden_by is not None and post.hidden_by.is_staff_role
        else None,
        can=_abilities(post, topic, access, now, shown),
        gap=None,
        poll=None,
    )


def _taken_back(post: Post) -> bool:
    return post.state == Post.HIDDEN and post.hidden_by_id == post.author_id


def _abilities(post: Post, topic: Topic, access: Access, now: datetime, shown: bool) -> Any:
    signed_in = access.member is not None
    own = access.member is not None and post.author_id == access.member.pk
    keeps = access.moderates(topic.board_id)
    stands = post.state == Post.PUBLISHED
    return SimpleNamespace(
        edit=shown and policies.can_edit(access, topic, post, now),
        delete=stands and own and not keeps and policies.can_delete(access, topic, post),
        flag=signed_in and not own and stands,
        accept=policies.can_accept(access, topic, post),
        hide=own if _taken_back(post) else keeps,
        history=shown and post.edited_at is not None,
    )


def _answered(post: Post, topic: Topic, access: Access) -> Any:
    before = post.reply_to
    # The post right above needs no quotation, and neither does the topic itself.
    if before is None or before.number in {1, post.number - 1} or "<blockquote" in post.html[:400]:
        return None
    if before.state != Post.PUBLISHED:
        return None
    return SimpleNamespace(
        number=before.number,
        author=before.author.handle,
        excerpt=before.text[:90] + ("…" if len(before.text) > 90 else ""),
        url=address_of("forum:post_open", before.pk),
    )


def reactions_of(post: Post, mine: str | None) -> list[Any]:
    """Return the named reactions with their counts."""
    return [
        SimpleNamespace(key=key, icon=icon, label=str(label), count=post.reactions.get(key, 0), mine=key == mine)
        for key, label, icon in REACTIONS
    ]


def react_part(post: Post, access: Access) -> Any:
    """Return what the reaction bar of one post shows."""
    mine = Reaction.objects.filter(post=post, member=access.member).values_list("kind", flat=True).first()
    return SimpleNamespace(id=post.pk, number=post.number, act=f"/posts/{post.pk}/", reactions=reactions_of(post, mine))
