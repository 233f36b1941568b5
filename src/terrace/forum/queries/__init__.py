"""What the forum shows, page by page."""

from terrace.forum.queries.about import topics_about
from terrace.forum.queries.beside import beside, newest_by_board, under_same_tags
from terrace.forum.queries.boards import board_choices, board_groups, board_page, boards_by_id, find_board, is_following
from terrace.forum.queries.completion import people_of_topic, readable_topic_id, tags_beginning
from terrace.forum.queries.desk import board_desk, board_form_choices, board_form_initial, boards_opened_by
from terrace.forum.queries.exports import export_member, exported_threads
from terrace.forum.queries.lists import (
    LISTS,
    board_topics,
    bookmarks,
    by_author,
    feed_topics,
    most_helpful,
    oldest_full,
    replies_of,
    sitemap_topics,
    topic_list,
    topic_rows,
)
from terrace.forum.queries.lists import address as topic_address
from terrace.forum.queries.naming import names_of
from terrace.forum.queries.pace import Pace, pace
from terrace.forum.queries.parts import react_part
from terrace.forum.queries.posts import (
    draft_of,
    drafts_of,
    find_poll,
    find_post,
    find_tag,
    find_topic,
    first_post,
    is_open_to_all,
    live_state,
    may_hear,
    may_read_upload,
    pictures_before,
    post_texts,
    posts_before,
    revisions,
    tags_of_topic,
    visible_post_ids,
)
from terrace.forum.queries.quoting import quotation
from terrace.forum.queries.topic import posts_after, topic_page
from terrace.forum.queries.words import names_of_topics, profile_counts, said_counts

__all__ = [
    "LISTS",
    "Pace",
    "beside",
    "board_choices",
    "board_desk",
    "board_form_choices",
    "board_form_initial",
    "board_groups",
    "board_page",
    "board_topics",
    "boards_by_id",
    "boards_opened_by",
    "bookmarks",
    "by_author",
    "draft_of",
    "drafts_of",
    "export_member",
    "exported_threads",
    "feed_topics",
    "find_board",
    "find_poll",
    "find_post",
    "find_tag",
    "find_topic",
    "first_post",
    "is_following",
    "is_open_to_all",
    "live_state",
    "may_hear",
    "may_read_upload",
    "most_helpful",
    "names_of",
    "names_of_topics",
    "newest_by_board",
    "oldest_full",
    "pace",
    "people_of_topic",
    "pictures_before",
    "post_texts",
    "posts_after",
    "posts_before",
    "profile_counts",
    "quotation",
    "react_part",
    "readable_topic_id",
    "replies_of",
    "revisions",
    "said_counts",
    "sitemap_topics",
    "tags_beginning",
    "tags_of_topic",
    "topic_address",
    "topic_list",
    "topic_page",
    "topic_rows",
    "topics_about",
    "under_same_tags",
    "visible_post_ids",
]
