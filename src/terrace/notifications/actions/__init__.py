"""Telling members what concerns them, and what they do with it."""

from terrace.notifications.actions.devices import end_device, end_devices, join_device, push_notice
from terrace.notifications.actions.people import (
    forget_member,
    take_back_verdict,
    tell_of_flag,
    tell_of_follow,
    tell_of_level,
    tell_of_lifting,
    tell_of_suspension,
    tell_of_verdict,
)
from terrace.notifications.actions.posts import (
    settle_access,
    settle_answer,
    settle_post,
    tell_of_answer,
    tell_of_mentions,
    tell_of_post,
    tell_of_reaction,
)
from terrace.notifications.actions.reading import choose_kinds, read_all, read_notice, see_all

__all__ = [
    "choose_kinds",
    "end_device",
    "end_devices",
    "forget_member",
    "join_device",
    "push_notice",
    "read_all",
    "read_notice",
    "see_all",
    "settle_access",
    "settle_answer",
    "settle_post",
    "take_back_verdict",
    "tell_of_answer",
    "tell_of_flag",
    "tell_of_follow",
    "tell_of_level",
    "tell_of_lifting",
    "tell_of_mentions",
    "tell_of_post",
    "tell_of_reaction",
    "tell_of_suspension",
    "tell_of_verdict",
]
