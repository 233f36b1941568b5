"""Who may do what in the forum."""

from terrace.forum.policies.access import Access, access, forget_tree, tree
from terrace.forum.policies.posts import (
    can_accept,
    can_delete,
    can_edit,
    can_moderate,
    can_react,
    can_see_post,
    check_accept,
    check_delete,
    check_edit,
    check_moderate,
    check_open,
    check_read,
    check_reply,
    check_restore,
)

__all__ = [
    "Access",
    "access",
    "can_accept",
    "can_delete",
    "can_edit",
    "can_moderate",
    "can_react",
    "can_see_post",
    "check_accept",
    "check_delete",
    "check_edit",
    "check_moderate",
    "check_open",
    "check_read",
    "check_reply",
    "check_restore",
    "forget_tree",
    "tree",
]
