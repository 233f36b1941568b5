"""Who may read, answer, edit, take away and keep order."""

from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext

from terrace.forum.models import Post, Topic
from terrace.forum.policies.access import OPEN, READ, REPLY, Access
from terrace.kernel import options
from terrace.kernel.errors import Missing, Refused
from terrace.members import policies as members
from terrace.members.models import Member


class Written(Protocol):
    """What is asked of a post to say who may change it: a row of the table, or what a page knows of it."""

    @property
    def number(self) -> int:
        """Its place in the topic."""

    @property
    def author_id(self) -> int:
        """Who wrote it."""

    @property
    def state(self) -> str:
        """Published, held or hidden."""

    @property
    def created_at(self) -> datetime:
        """When it was written."""


options.declare("forum.edit_minutes", 60, "For how many minutes an author may edit a post", int)


def can_see_post(access: Access, topic: Topic, post: Post) -> bool:
    """Whether the words of a post are shown: to its author and to who keeps order even when it is held or hidden."""
    if not access.may(topic.board_id, READ):
        return False
    if topic.state == Topic.PUBLISHED and post.state == Post.PUBLISHED:
        return True
    own = access.member is not None and post.author_id == access.member.pk
    return own or access.moderates(topic.board_id)


def check_read(access: Access, topic: Topic) -> None:
    """Raise Missing or Refused where the reader may not read the topic."""
    access.check(topic.board_id, READ)
    if topic.state == Topic.PUBLISHED or access.moderates(topic.board_id):
        return
    if access.member is None or topic.author_id != access.member.pk:
        raise Missing


def check_open(access: Access, board_id: int, now: datetime) -> None:
    """Raise where the reader may not open a topic in the board."""
    access.check(board_id, OPEN)
    members.check_may_write(access.member, now)


def check_reply(access: Access, topic: Topic, now: datetime) -> None:
    """Raise where the reader may not reply to the topic."""
    check_read(access, topic)
    access.check(topic.board_id, REPLY)
    members.check_may_write(access.member, now)
    if topic.locked_at is not None and not access.moderates(topic.board_id):
        raise Refused(gettext("This topic is locked: it can be read, and nothing can be added."))
    if topic.state != Topic.PUBLISHED:
        raise Refused(gettext("This topic is not open for replies now."))


def can_react(access: Access, topic: Topic, post: Post) -> bool:
    """Whether the reader may react to a post: anybody who reads it, but not to their own."""
    return access.member is not None and post.author_id != access.member.pk and can_see_post(access, topic, post)


def can_edit(access: Access, topic: Topic, post: Written, now: datetime) -> bool:
    """Whether the reader may edit a post: the author within the window, and who keeps order."""
    if access.member is None or not access.may(topic.board_id, READ):
        return False
    if access.moderates(topic.board_id):
        return True
    window = timedelta(minutes=options.get("forum.edit_minutes"))
    return (
        post.author_id == access.member.pk
        and post.state != Post.HIDDEN
        and topic.locked_at is None
        and now - post.created_at <= window
    )


def check_edit(access: Access, topic: Topic, post: Post, now: datetime) -> None:
    """Raise where the reader may not edit the post."""
    check_read(access, topic)
    if not can_see_post(access, topic, post):
        raise Missing
    members.check_may_write(access.member, now)
    if not can_edit(access, topic, post, now):
        raise Refused(gettext("The time to edit this post is over. Write a reply with the correction."))


def can_delete(access: Access, topic: Topic, post: Written) -> bool:
    """Whether the reader may take a post away: its author, while nobody has answered below it, and who keeps order."""
    if access.member is None:
        return False
    if access.moderates(topic.board_id):
        return True
    alone = post.number > 1 or topic.last_number == 1
    return post.author_id == access.member.pk and topic.locked_at is None and alone


def check_delete(access: Access, topic: Topic, post: Post) -> None:
    """Raise where the reader may not take the post away."""
    check_read(access, topic)
    if not can_delete(access, topic, post):
        raise Refused(gettext("Others have answered this topic, so it stays. Ask a moderator if it has to go."))


def check_restore(access: Access, topic: Topic, post: Post, now: datetime) -> Member:
    """Return who puts a post back: who keeps order, but what its author took back only the author. Raises Missing and Refused."""
    check_read(access, topic)
    taken_back = post.hidden_by_id == post.author_id
    if taken_back and access.member is not None and post.author_id == access.member.pk:
        members.check_may_write(access.member, now)
        return access.member
    by = check_moderate(access, topic)
    if taken_back:
        raise Refused(gettext("The author took this post back. Only the author can show it again."))
    return by


def can_accept(access: Access, topic: Topic, post: Post) -> bool:
    """Whether the reader may say that a post is the answer: who asked, and who keeps order."""
    if access.member is None or topic.kind != "question" or post.number == 1 or post.state != Post.PUBLISHED:
        return False
    return topic.author_id == access.member.pk or access.moderates(topic.board_id)


def check_accept(access: Access, topic: Topic, post: Post) -> None:
    """Raise where the reader may not accept the post as the answer."""
    check_read(access, topic)
    if not can_accept(access, topic, post):
        raise Refused(gettext("Only who asked can say which reply was the answer."))


def can_moderate(access: Access, board_id: int) -> bool:
    """Whether the reader keeps order in the board."""
    return access.moderates(board_id)


def check_moderate(access: Access, topic: Topic) -> Member:
    """Return the moderator. Raises Missing or Refused for everybody else."""
    check_read(access, topic)
    if access.member is None or not access.moderates(topic.board_id):
        raise Refused(gettext("This is for the moderators of the board."))
    return access.member
