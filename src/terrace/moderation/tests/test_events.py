"""What moderators do stands in the audit log, in words of the reader's language."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.forum.events import TopicChanged
from terrace.kernel import events
from terrace.kernel.models import EventRow
from terrace.members import queries as members
from terrace.members.events import RegistrationChosen
from terrace.moderation import actions
from terrace.moderation.events import VERDICTS, CaseDecided, DecisionUndone
from terrace.moderation.models import Case, Decision
from terrace.moderation.tests.people import hear
from terrace.screening.events import TREATED
from terrace.screening.models import ListedDomain, ListedWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """Return a function giving the sentences of the audit log about cases, newest first, in a language."""

    def read(language):
        with translation.override(language):
            rows = members.audit_page().rows
        kinds = {CaseDecided.kind, DecisionUndone.kind}
        return [row.sentence for row in rows if row.kind in kinds]

    return read


@pytest.mark.parametrize(
    ("verdict", "message", "english", "chinese"),
    [
        ("hide", "广告", "decided a case (Post hidden): 广告", "处理了一条（收起发言）：广告"),
        ("stand", "", "decided a case (Post read and left standing)", None),
        ("dismiss", "", "decided a case (Post read, no problem found)", None),
        ("suspend", "刷屏", "decided a case (Post hidden, author suspended for 3 days): 刷屏", None),
    ],
)
def test_a_decision_is_told_in_words(place, log, now, verdict, message, english, chinese):
    actions.flag(place.reply, by=place.asker, reason="spam", now=now)
    decision = actions.decide(Case.objects.get(), verdict, by=place.moderator, message=message, now=now)
    assert log("en") == [english]
    (said,) = log("zh-hans")
    assert said == chinese or chinese is None
    assert not re.search("[A-Za-z]", said), said
    actions.undo(decision, by=place.moderator, now=now)
    assert log("en")[0] == f"took a decision back ({VERDICTS[verdict]})"
    assert not re.search("[A-Za-z]", log("zh-hans")[0])


def test_every_key_that_the_log_may_meet_has_words():
    assert set(VERDICTS) == {key for key, _label in Decision.VERDICTS}
    assert set(TREATED) == {key for key, _label in [*ListedWord.KINDS, *ListedDomain.KINDS]}
    on = {"locked", "pinned", "featured"}
    assert set(TopicChanged.words["change"]) == on | {f"un{each}" for each in on} | {"tagged"}
    assert set(RegistrationChosen.words["mode"]) == {"open", "invitation", "closed"}


@pytest.mark.parametrize("kind", sorted(members.staff_kinds()))
def test_words_are_there_in_both_languages(kind):
    cls = events.kinds()[kind]
    for field, words in getattr(cls, "words", {}).items():
        assert f"%({field})s" in str(cls.said)
        for word in words.values():
            with translation.override("zh-hans"):
                assert re.search("[\u4e00-\u9fff]", str(word)), f"{kind}: {word}"


def test_a_new_post_is_announced_once_whatever_is_decided_and_undone(place, now):
    place.topic.refresh_from_db()
    post = forum.reply(place.author, place.topic, source="新来的一句", held=True, screened=False, now=now)
    hear(now)
    case = Case.objects.get(post=post)

    def announced():
        return EventRow.objects.filter(kind="forum.PostPublished", about=f"post:{post.pk}").count()

    for step, (verdict, times) in enumerate([("hide", 0), ("stand", 1), ("hide", 1), ("stand", 1)]):
        at = now + timedelta(minutes=step)
        decision = actions.decide(case, verdict, by=place.moderator, message="我们看过了。", now=at)
        hear(at)
        assert announced() == times
        actions.undo(decision, by=place.moderator, now=at + timedelta(seconds=20))
        hear(at + timedelta(seconds=20))
        case.refresh_from_db()
        assert forum_queries.find_post(post.pk).state == "held"
        assert announced() == times
