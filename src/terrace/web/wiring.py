"""The one screen that says who hears what, which cards exist, and which slots are filled."""

import functools
from collections.abc import Callable
from typing import Any

from terrace.cli import founding
from terrace.forum import cards as forum_cards  # registers discussion, question and poll
from terrace.forum import events as forum
from terrace.forum import listeners as forum_listeners
from terrace.forum import queries as forum_queries
from terrace.forum import tasks as forum_tasks
from terrace.kernel import clock, events, live, options, slots, worker
from terrace.media import events as media
from terrace.media import listeners as media_listeners
from terrace.media import queries as media_queries
from terrace.media import tasks as media_tasks
from terrace.members import events as members
from terrace.members import listeners as members_listeners
from terrace.members import queries as members_queries
from terrace.members import tasks as members_tasks
from terrace.memberships import listeners as memberships_listeners
from terrace.memberships import queries as memberships_queries
from terrace.moderation import events as moderation
from terrace.moderation import listeners as moderation_listeners
from terrace.moderation import queries as moderation_queries
from terrace.notifications import events as notifications
from terrace.notifications import listeners as notifications_listeners
from terrace.notifications import queries as notifications_queries
from terrace.products import cards as products_cards
from terrace.products import listeners as products_listeners
from terrace.products import queries as products_queries
from terrace.rewards import listeners as rewards_listeners
from terrace.rewards import queries as rewards_queries
from terrace.screening import listeners as screening_listeners
from terrace.screening import queries as screening_queries
from terrace.screening import tasks as screening_tasks
from terrace.search import listeners as search_listeners
from terrace.web import brand, console, jinja
from terrace.web import events as web_events

# Modules that only register something (options, slots, periodic tasks) when they are read.
REGISTERED = (brand, console, jinja, web_events, worker, forum_tasks, media_tasks, members_tasks, screening_tasks)

WRITTEN = (forum.PostPublished, forum.PostHeld, forum.PostHidden, forum.PostRestored)
THANKED = (forum.PostReacted, forum.ReactionWithdrawn, forum.AnswerAccepted, forum.AnswerWithdrawn)
RESHAPED = (forum.TopicMoved, forum.TopicChanged, forum.AnswerAccepted, forum.AnswerWithdrawn, forum.ThreadImported)


@functools.cache
def connect() -> None:
    """Wire the house. Called once, when Django is ready, by everything that runs it."""
    _slots()
    _media()
    _members()
    _search()
    _notices()
    _programmes()
    _live()


@functools.cache
def _at_once(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Ask with the present moment as the last argument, for questions that come from outside of a request."""
    return functools.wraps(answer)(lambda *args: answer(*args, clock.now()))


@functools.cache
def _while_on(section: str, answer: Callable[..., Any]) -> Callable[..., Any]:
    """Answer nothing while the operator has switched a section off."""
    return functools.wraps(answer)(lambda *args: None if section in options.get("brand.sections") else answer(*args))


def _hear(hear: Callable[..., None], *kinds: type[events.Event]) -> None:
    for kind in kinds:
        events.wire(kind, hear)


def _slots() -> None:
    slots.fill("members.export", _at_once(forum_queries.export_member))
    for room in (media_queries, screening_queries, members_queries, products_queries, memberships_queries):
        slots.fill("members.export", room.export_member)
    for room in (rewards_queries, moderation_queries, notifications_queries):
        slots.fill("members.export", room.export_member)
    slots.fill("media.may_read", _at_once(forum_queries.may_read_upload))
    slots.fill("media.may_read", products_queries.may_read_upload)
    slots.fill("media.may_read", brand.may_read_upload)
    slots.fill("members.look", brand.hexes)
    slots.fill(founding.SECTIONS, brand.may_be_off)
    slots.fill("forum.section_name", brand.name_of_forum)
    slots.fill("members.profile_counts", _at_once(forum_queries.profile_counts))
    slots.fill("members.names", products_queries.names_of)
    slots.fill("members.names", forum_queries.names_of)
    slots.fill("members.profile_lists", _at_once(forum_cards.profile_lists))
    slots.fill("members.profile_lists", _while_on("products", products_cards.profile_lists))
    slots.fill("products.panels", _at_once(forum_cards.product_panel))
    slots.fill("memberships.group_used", forum_queries.boards_opened_by)
    slots.fill("web.bell", notifications_queries.unseen_count)
    slots.fill("web.waiting", moderation_queries.waiting_count)
    slots.fill("web.decides", moderation_queries.decides)


def _media() -> None:
    # Files are beyond the database, and drawing takes longer than a transaction may.
    events.wire(media.PictureKept, media_listeners.draw_lighter, outside=True)


def _members() -> None:
    events.wire(members.ContactChanged, members_listeners.tell_of_contact, outside=True)
    events.wire(members.PasswordChanged, members_listeners.tell_of_password, outside=True)
    _hear(members_listeners.count_levels, members.LadderChosen)
    _hear(products_listeners.settle_staff, members.RoleGiven)
    for room in (media_listeners, screening_listeners, memberships_listeners, forum_listeners, rewards_listeners):
        _hear(room.forget_member, members.MemberDeleted)
    for room in (products_listeners, moderation_listeners, search_listeners, notifications_listeners):
        _hear(room.forget_member, members.MemberDeleted)


def _search() -> None:
    _hear(search_listeners.index_post, *WRITTEN, forum.PostEdited)
    _hear(search_listeners.index_topic, *RESHAPED)
    _hear(search_listeners.index_member, members.MemberJoined, members.HandleChanged)


def _notices() -> None:
    tell = notifications_listeners
    _hear(tell.tell_of_post, forum.PostPublished)
    _hear(tell.tell_of_mentions, forum.PostEdited, forum.PostRestored)
    _hear(tell.settle_post, forum.PostHeld, forum.PostHidden, forum.PostRestored, forum.ReactionWithdrawn)
    _hear(tell.settle_access, forum.TopicMoved)
    _hear(tell.tell_of_reaction, forum.PostReacted)
    _hear(tell.tell_of_answer, forum.AnswerAccepted)
    _hear(tell.settle_answer, forum.AnswerWithdrawn)
    _hear(tell.tell_of_follow, members.MemberFollowed)
    _hear(tell.tell_of_level, members.LevelReached)
    _hear(tell.tell_of_suspension, members.MemberSuspended)
    _hear(tell.tell_of_lifting, members.SuspensionLifted)
    _hear(tell.tell_of_verdict, moderation.CaseDecided)
    _hear(tell.take_back_verdict, moderation.DecisionUndone)
    _hear(tell.tell_of_flag, moderation.FlagAnswered)
    _hear(tell.end_devices, members.MemberSuspended)
    events.wire(notifications.NoticeTold, tell.push_notice, outside=True)


def _programmes() -> None:
    _hear(rewards_listeners.count_writer, *WRITTEN)
    _hear(rewards_listeners.count_thanked, *THANKED)
    _hear(rewards_listeners.count_featured, forum.TopicChanged)
    _hear(moderation_listeners.open_held_case, forum.PostHeld)
    _hear(moderation_listeners.note_hidden, forum.PostHidden)
    _hear(moderation_listeners.note_restored, forum.PostRestored)


def _live() -> None:
    live.set_up()
    live.state("topic", forum_queries.live_state)
    live.guard("topic", _at_once(forum_queries.may_hear))
    live.state("member", notifications_queries.live_state)
    live.end_where("member", _at_once(members_queries.is_shut_out))
