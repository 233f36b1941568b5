"""The answer to a question."""

from datetime import datetime

from django.db import transaction

from terrace.forum.events import AnswerAccepted, AnswerWithdrawn
from terrace.forum.models import Post, Question, Topic
from terrace.kernel import events
from terrace.members.models import Member


def make_question(topic: Topic) -> Question:
    """Keep beside a topic that it wants an answer."""
    return Question.objects.create(topic=topic)


def accept_answer(post: Post, *, by: Member, now: datetime) -> bool:
    """Say that a reply was the answer; another that was said before gives way. Returns whether anything changed."""
    with transaction.atomic():
        question = Question.objects.select_for_update().get(topic_id=post.topic_id)
        if question.accepted_id == post.pk:
            return False
        if question.accepted_id is not None:
            _withdraw(question, by, now)
        Question.objects.filter(pk=question.pk).update(accepted=post, accepted_by=by, accepted_at=now)
        Topic.objects.filter(pk=post.topic_id).update(solved=True)
        event = AnswerAccepted(topic_id=post.topic_id, post_id=post.pk, author_id=post.author_id, member_id=by.pk)
        events.record(event, now=now, actor_id=by.pk)
    return True


def withdraw_answer(topic: Topic, *, by: Member, now: datetime) -> bool:
    """Say that the question is open again. Returns whether it was answered."""
    with transaction.atomic():
        question = Question.objects.select_for_update().get(topic=topic)
        if question.accepted_id is None:
            return False
        _withdraw(question, by, now)
        Question.objects.filter(pk=question.pk).update(accepted=None, accepted_by=None, accepted_at=None)
        Topic.objects.filter(pk=topic.pk).update(solved=False)
    return True


def _withdraw(question: Question, by: Member, now: datetime) -> None:
    post = Post.objects.only("author_id").get(pk=question.accepted_id or 0)
    event = AnswerWithdrawn(topic_id=question.topic_id, post_id=post.pk, author_id=post.author_id, member_id=by.pk)
    events.record(event, now=now, actor_id=by.pk)
