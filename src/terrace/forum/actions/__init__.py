"""What happens in the forum, one function per act."""

from terrace.forum.actions.answers import accept_answer, withdraw_answer
from terrace.forum.actions.boards import (
    appoint_moderator,
    create_board,
    dismiss_moderator,
    edit_board,
    follow_board,
    set_rule,
    unfollow_board,
)
from terrace.forum.actions.desk import save_board
from terrace.forum.actions.drafts import drop_draft, drop_old_drafts, keep_draft
from terrace.forum.actions.habits import (
    bookmark,
    follow_topic,
    keep_position,
    react,
    remove_bookmark,
    unfollow_topic,
)
from terrace.forum.actions.imports import Thread, ThreadPoll, ThreadPost, import_thread, is_imported
from terrace.forum.actions.members import forget_member
from terrace.forum.actions.polls import vote
from terrace.forum.actions.posts import approve_post, edit_post, hide_post, hold_post, reply, restore_post
from terrace.forum.actions.submissions import drop_old_submissions
from terrace.forum.actions.topics import (
    count_views,
    feature_topic,
    lock_topic,
    move_topic,
    note_view,
    open_topic,
    pin_topic,
    retag_topic,
)

__all__ = [
    "Thread",
    "ThreadPoll",
    "ThreadPost",
    "accept_answer",
    "appoint_moderator",
    "approve_post",
    "bookmark",
    "count_views",
    "create_board",
    "dismiss_moderator",
    "drop_draft",
    "drop_old_drafts",
    "drop_old_submissions",
    "edit_board",
    "edit_post",
    "feature_topic",
    "follow_board",
    "follow_topic",
    "forget_member",
    "hide_post",
    "hold_post",
    "import_thread",
    "is_imported",
    "keep_draft",
    "keep_position",
    "lock_topic",
    "move_topic",
    "note_view",
    "open_topic",
    "pin_topic",
    "react",
    "remove_bookmark",
    "reply",
    "restore_post",
    "retag_topic",
    "save_board",
    "set_rule",
    "unfollow_board",
    "unfollow_topic",
    "vote",
    "withdraw_answer",
]
