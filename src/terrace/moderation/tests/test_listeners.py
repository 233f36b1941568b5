"""Event in, one call down, again and nothing more."""

from datetime import timedelta

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.forum.events import PostHeld, PostHidden, PostRestored
from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted
from terrace.moderation import listeners
from terrace.moderation.models import Case, Decision
from terrace.moderation.tests.people import hear


def handed(at, actor=None):
    return Handed("1", 1, at, at, 1, actor)


def ids(place):
    return {"post_id": place.reply.pk, "topic_id": place.topic.pk, "member_id": place.author.pk}


def test_held(place, now):
    event = PostHeld(**ids(place), board_id=place.board.pk, reasons=("reach",))
    listeners.open_held_case(event, handed(now))
    assert not Case.objects.exists()  # it is not held: somebody was faster
    forum.hold_post(place.reply, now=now)
    for _twice in range(2):
        listeners.open_held_case(event, handed(now))
    case = Case.objects.get()
    assert (case.state, case.reasons) == ("open", ["reach"])


def test_hidden_and_restored(place, now):
    at = now + timedelta(minutes=1)
    gone = PostHidden(**ids(place), reason="重复", own=False)
    listeners.note_hidden(gone, handed(at, place.keeper.pk))
    assert not Decision.objects.exists()  # it stands
    forum.hide_post(place.reply, by=place.keeper, reason="重复", now=at)
    for _twice in range(2):
        listeners.note_hidden(gone, handed(at, place.keeper.pk))
    assert Decision.objects.count() == 1
    later = at + timedelta(minutes=1)
    forum.restore_post(place.reply, by=place.keeper, now=later)
    for _twice in range(2):
        listeners.note_restored(PostRestored(**ids(place)), handed(later, place.keeper.pk))
    assert Decision.objects.count() == 2


def test_the_departed(place, now):
    listeners.forget_member(MemberDeleted(place.author.pk), handed(now))


def test_a_text_that_screening_holds_comes_into_the_queue(place, now):
    at = now + timedelta(minutes=5)
    topic = forum_queries.find_topic(place.topic.pk)
    post = forum.reply(place.author, topic, source="百家乐、真人荷官，加微信 abc12345", now=at)
    hear(at)
    case = Case.objects.get(post_id=post.pk)
    assert case.held
    assert "word:百家乐" in case.reasons
