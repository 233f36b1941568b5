"""A small community for tests: boards, people, a topic with replies."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.kernel import deliveries
from terrace.members import actions as members
from terrace.members.models import Member, Role


def person(handle: str, now: datetime, *, level: int = 2, role: str = Role.MEMBER, days: int = 100) -> Member:
    """Somebody of a level who joined some days ago."""
    member = members.create_member(handle, now=now, role=role, joined_at=now - timedelta(days=days))
    Member.objects.filter(pk=member.pk).update(level=level)
    member.level = level
    return member


def hear(now: datetime) -> None:
    """Bring every event to its listeners."""
    while deliveries.drain(now):
        pass


@dataclass
class Place:
    """Two boards, a topic with two replies, who keeps order where, and members who flag."""

    now: datetime
    board: Any
    other: Any
    author: Member
    asker: Member
    moderator: Member
    keeper: Member
    topic: Any
    reply: Any


def build(now: datetime) -> Place:
    """Make the community."""
    forum_policies.forget_tree()
    board = forum.create_board("续航", slug="battery", now=now)
    other = forum.create_board("拍照", slug="photos", now=now)
    asker, author = person("提问的人", now), person("晴川", now, level=1, days=2)
    moderator = person("叶青", now, role=Role.MODERATOR)
    keeper = person("版主小满", now, level=4)
    forum.appoint_moderator(board, keeper, now=now)
    forum_policies.forget_tree()
    topic = forum.open_topic(
        asker, board, kind="discussion", title="这台续航怎么样", source="用了一周的来说说", now=now
    )
    topic.refresh_from_db()
    forum.reply(asker, topic, source="我先说：还行", now=now)
    topic.refresh_from_db()
    reply = forum.reply(author, topic, source="出一台 Ridge 5，全新未拆，要的私聊", now=now)
    return Place(now, board, other, author, asker, moderator, keeper, topic, reply)
