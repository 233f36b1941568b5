"""The one screen that says who hears what, which cards exist, and which slots are filled."""

import functools
from collections.abc import Callable
from typing import Any

from terrace.forum import cards as forum_cards
from terrace.forum import listeners as forum_listeners
from terrace.forum import queries as forum_queries
from terrace.forum import tasks as forum_tasks  # noqa: F401  views
from terrace.kernel import clock, events, live, slots, worker  # noqa: F401  worker forgets finished deliveries
from terrace.members import events as members
from terrace.members import listeners as members_listeners
from terrace.members import queries as members_queries
from terrace.members import tasks as members_tasks  # noqa: F401  suspensions, codes
from terrace.memberships import listeners as memberships_listeners
from terrace.memberships import queries as memberships_queries
from terrace.web import brand  # noqa: F401  declares the brand's options


@functools.cache
def connect() -> None:
    """Wire the house. Called once by everything that runs it: the server, the command line, the tests."""
    _slots()
    _listeners()
    _live()


@functools.cache
def _at_once(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Ask with the present moment as the last argument, for questions that come from outside of a request."""
    return functools.wraps(answer)(lambda *args: answer(*args, clock.now()))


def _slots() -> None:
    for answer in (members_queries.export_member, memberships_queries.export_member, forum_queries.export_member):
        slots.fill("members.export", answer)
    slots.fill("media.may_read", _at_once(forum_queries.may_read_upload))
    slots.fill("members.profile_counts", forum_queries.profile_counts)
    slots.fill("members.profile_lists", _at_once(forum_cards.profile_lists))


def _listeners() -> None:
    events.wire(members.ContactChanged, members_listeners.tell_of_contact, outside=True)
    events.wire(members.PasswordChanged, members_listeners.tell_of_password, outside=True)
    events.wire(members.MemberDeleted, memberships_listeners.forget_member)
    events.wire(members.MemberDeleted, forum_listeners.forget_member)


def _live() -> None:
    live.set_up()
    live.state("topic", forum_queries.live_state)
    live.open_to_all("topic", _at_once(forum_queries.is_open_to_all))
