"""Pages of the forum."""

from terrace.forum.views.boards import board_feed, board_follow, board_list, board_open, tag_open, topic_list
from terrace.forum.views.composing import draft_keep, topic_fields, topic_new
from terrace.forum.views.moderate import (
    post_hide,
    topic_feature,
    topic_lock,
    topic_move,
    topic_pin,
    topic_tags,
)
from terrace.forum.views.posts import (
    bookmark_list,
    post_accept,
    post_bookmark,
    post_delete,
    post_edit,
    post_history,
    post_open,
    post_quote,
    post_react,
    preview,
)
from terrace.forum.views.topics import (
    topic_bookmark,
    topic_follow,
    topic_fresh,
    topic_open,
    topic_position,
    topic_reply,
    topic_vote,
)

__all__ = [
    "board_feed",
    "board_follow",
    "board_list",
    "board_open",
    "bookmark_list",
    "draft_keep",
    "post_accept",
    "post_bookmark",
    "post_delete",
    "post_edit",
    "post_hide",
    "post_history",
    "post_open",
    "post_quote",
    "post_react",
    "preview",
    "tag_open",
    "topic_bookmark",
    "topic_feature",
    "topic_fields",
    "topic_follow",
    "topic_fresh",
    "topic_list",
    "topic_lock",
    "topic_move",
    "topic_new",
    "topic_open",
    "topic_pin",
    "topic_position",
    "topic_reply",
    "topic_tags",
    "topic_vote",
]
