"""Addresses of the forum."""

from django.urls import path

from terrace.forum import views

app_name = "forum"
urlpatterns = [
    path("forum/", views.board_list, name="board_list"),
    path("topics/", views.topic_list, name="topic_list"),
    path("new/", views.topic_new, name="topic_new"),
    path("new/fields", views.topic_fields, name="topic_fields"),
    path("preview", views.preview, name="preview"),
    path("draft", views.draft_keep, name="draft_keep"),
    path("saved/", views.bookmark_list, name="bookmark_list"),
    path("tags/<path:name>/", views.tag_open, name="tag_open"),
    path("b/<slug:slug>/", views.board_open, name="board_open"),
    path("b/<slug:slug>/follow", views.board_follow, name="board_follow"),
    path("b/<slug:slug>/feed.atom", views.board_feed, name="board_feed"),
    path("t/<int:topic_id>/", views.topic_open, name="topic_short"),
    path("t/<int:topic_id>/fresh", views.topic_fresh, name="topic_fresh"),
    path("t/<int:topic_id>/reply", views.topic_reply, name="topic_reply"),
    path("t/<int:topic_id>/vote", views.topic_vote, name="topic_vote"),
    path("t/<int:topic_id>/follow", views.topic_follow, name="topic_follow"),
    path("t/<int:topic_id>/bookmark", views.topic_bookmark, name="topic_bookmark"),
    path("t/<int:topic_id>/position", views.topic_position, name="topic_position"),
    path("t/<int:topic_id>/lock", views.topic_lock, name="topic_lock"),
    path("t/<int:topic_id>/pin", views.topic_pin, name="topic_pin"),
    path("t/<int:topic_id>/feature", views.topic_feature, name="topic_feature"),
    path("t/<int:topic_id>/move", views.topic_move, name="topic_move"),
    path("t/<int:topic_id>/tags", views.topic_tags, name="topic_tags"),
    path("t/<int:topic_id>/<str:slug>/", views.topic_open, name="topic_open"),
    path("p/<int:post_id>/", views.post_open, name="post_open"),
    path("posts/<int:post_id>/react", views.post_react, name="post_react"),
    path("posts/<int:post_id>/bookmark", views.post_bookmark, name="post_bookmark"),
    path("posts/<int:post_id>/accept", views.post_accept, name="post_accept"),
    path("posts/<int:post_id>/quote", views.post_quote, name="post_quote"),
    path("posts/<int:post_id>/edit", views.post_edit, name="post_edit"),
    path("posts/<int:post_id>/history", views.post_history, name="post_history"),
    path("posts/<int:post_id>/delete", views.post_delete, name="post_delete"),
    path("posts/<int:post_id>/hide", views.post_hide, name="post_hide"),
]
