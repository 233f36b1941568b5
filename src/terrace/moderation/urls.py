"""Addresses of flags, cases, the log and the lists."""

from django.urls import path

from terrace.moderation import console, views

app_name = "moderation"
urlpatterns = [
    path("posts/<int:post_id>/flag", views.post_flag, name="post_flag"),
    path("moderation/", views.log, name="log"),
    path("moderation/appeals/<int:decision_id>", views.appeal, name="appeal"),
    path("console/queue/", console.queue, name="queue"),
    path("console/queue/<int:case_id>/decide", console.decide, name="decide"),
    path("console/queue/decisions/<int:decision_id>/undo", console.undo, name="undo"),
    path("console/words/", console.console_words, name="console_words"),
    path("console/words/try", console.console_words_try, name="console_words_try"),
    path("console/words/domains", console.console_domain_add, name="console_domain_add"),
    path("console/words/domains/<int:domain_id>/remove", console.console_domain_remove, name="console_domain_remove"),
    path("console/words/<int:word_id>/remove", console.console_word_remove, name="console_word_remove"),
]
