"""The queue and the lists: page, decision without script, undo, who may not, and nothing active from what members wrote."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import clock
from terrace.kernel.tests.data import rows
from terrace.kernel.tests.safety import active_nodes
from terrace.members.models import Role
from terrace.moderation import actions
from terrace.moderation.models import Case, Decision
from terrace.moderation.tests.people import build, person
from terrace.screening.models import ListedDomain, ListedWord


@pytest.fixture
def place(db):
    """The community, now: requests ask the real clock."""
    return build(clock.now() - timedelta(minutes=1))


def signed_in(member) -> Client:
    """A browser of somebody who came with a second factor."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": clock.now().timestamp()}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()
    return client


@pytest.fixture
def desk(place):
    return signed_in(place.moderator)


def flagged(place):
    actions.flag(place.reply, by=place.asker, reason="spam", text="卖东西的", now=place.now)
    return Case.objects.get(post_id=place.reply.pk)


def test_an_empty_queue(desk):
    page = desk.get("/console/queue/")
    assert page.status_code == 200
    assert "Everything is read." in page.content.decode()


def test_the_queue(desk, place):
    flagged(place)
    page = desk.get("/console/queue/").content.decode()
    for part in (
        "这台续航怎么样",
        "全新未拆",
        "卖东西的",
        "晴川",
        "我先说",
        'data-key="1"',
        'data-behavior="desk"',
        "1 flag",
    ):
        assert part in page
    assert page.count("btn main small") == 1


def test_a_decision_and_taking_it_back_without_script(desk, place):
    case = flagged(place)
    typed = {"verdict": "hide", "message": "站外交易没有保障。", "category": "spam", "prefilled": "x"}
    answer = desk.post(reverse("moderation:decide", args=[case.pk]), typed)
    decision = Decision.objects.get()
    assert answer["Location"] == f"/console/queue/?done={decision.pk}"
    assert forum_queries.find_post(place.reply.pk).state == "hidden"
    page = desk.get(answer["Location"]).content.decode()
    undo = reverse("moderation:undo", args=[decision.pk])
    assert undo in page
    again = desk.post(undo)
    assert again.status_code == 302
    assert forum_queries.find_post(place.reply.pk).state == "published"
    page = desk.get(again["Location"]).content.decode()
    assert "Taken back." in page
    assert undo not in page
    assert desk.post(undo).status_code == 403


def test_an_untouched_message_about_taking_away_is_not_sent_with_let_it_stand(desk, place):
    case = flagged(place)
    desk.post(reverse("moderation:decide", args=[case.pk]), {"verdict": "stand", "message": "收", "prefilled": "收"})
    assert Decision.objects.get().message == ""


def test_who_comes_second_is_told_and_keeps_what_was_typed(desk, place):
    case = flagged(place)
    actions.decide(case, "dismiss", by=place.keeper, now=place.now)
    other = forum.reply(
        place.author, forum_queries.find_topic(place.topic.pk), source="另一条", now=place.now, screened=False
    )
    actions.flag(other, by=place.asker, reason="abuse", now=place.now)
    answer = desk.post(
        reverse("moderation:decide", args=[case.pk]), {"verdict": "hide", "message": "我写的话", "prefilled": ""}
    )
    assert answer.status_code == 409
    assert "版主小满 decided this before you" in answer.content.decode()


def test_a_decision_without_a_message_gives_the_case_back(desk, place):
    case = flagged(place)
    answer = desk.post(reverse("moderation:decide", args=[case.pk]), {"verdict": "hide", "message": ""})
    assert answer.status_code == 422
    assert "Write to the author why" in answer.content.decode()


def test_who_may_not(place):
    case = flagged(place)
    urls = ["/console/queue/", "/console/words/"]
    for client in (Client(), signed_in(place.author), signed_in(person("工程师", place.now, role=Role.ENGINEER))):
        assert [client.get(url).status_code for url in urls] == [404, 404]
        assert client.post(reverse("moderation:decide", args=[case.pk]), {"verdict": "dismiss"}).status_code == 404
    keeper = signed_in(place.keeper)
    assert keeper.get("/console/queue/").status_code == 200
    assert keeper.get("/console/words/").status_code == 404
    forum.move_topic(place.topic, place.other, by=place.moderator, now=place.now)
    assert keeper.post(reverse("moderation:decide", args=[case.pk]), {"verdict": "dismiss"}).status_code == 404
    password_only = Client()
    password_only.force_login(place.moderator)
    assert password_only.get("/console/queue/").status_code != 200
    assert not Decision.objects.exists()


def vectors():
    return [
        row.get("payload") or row["s"] for name in ("xss_vectors.jsonl", "naughty_strings.jsonl") for row in rows(name)
    ]


def test_nothing_that_members_wrote_acts_on_the_desk(desk, place):
    """Post, title, flagger's note, appeal and message with every vector; what the page shows of them is inert."""
    payloads = vectors()
    case = flagged(place)
    checked = 0
    for number in range(0, len(payloads), 40):
        text = "\n\n".join(payloads[number : number + 40]).replace("\x00", "")[:40_000]
        place.reply.refresh_from_db()
        forum.edit_post(place.reply, by=place.moderator, source=text, now=place.now, seen_edit=place.reply.edited_at)
        one = payloads[number].replace("\x00", "")
        type(place.topic).objects.filter(pk=place.topic.pk).update(title=(one or "x")[:200])
        get_user_model().objects.filter(pk=place.author.pk).update(bio=one[:300])
        case.refresh_from_db()
        from terrace.moderation.models import Flag

        Flag.objects.filter(case=case).update(text=one[:500])
        page = desk.get("/console/queue/").content.decode()
        for within in (".orig", ".jobs b", ".jobs small", ".why span", ".case h2", ".case .quiet"):
            assert active_nodes(page, within) == []
        assert "<script>alert" not in page
        checked += 1
    assert checked > 5


def test_words_and_domains(place):
    desk = signed_in(person("运营", place.now, role=Role.OPERATOR))
    assert desk.get("/console/words/").status_code == 200
    add = {"pattern": "雾灯<b>", "kind": "replace", "replacement": "灯", "note": "试试"}
    assert desk.post("/console/words/", add).status_code == 302
    word = ListedWord.objects.get()
    page = desk.get("/console/words/").content.decode()
    assert "雾灯&lt;b&gt;" in page
    assert desk.post("/console/words/", {"pattern": "a", "kind": "hold"}).status_code == 422
    assert (
        desk.post(reverse("moderation:console_domain_add"), {"domain": "nonsense", "kind": "hold"}).status_code == 422
    )
    assert (
        desk.post(reverse("moderation:console_domain_add"), {"domain": "www.bad.example", "kind": "block"}).status_code
        == 302
    )
    assert ListedDomain.objects.get().domain == "bad.example"
    tried = desk.post(reverse("moderation:console_words_try"), {"text": "百家乐，加微信 abc12345"}).content.decode()
    assert "<mark>百家乐</mark>" in tried
    assert "would wait for a moderator" in tried
    assert desk.post(reverse("moderation:console_words_try"), {"text": ""}).status_code == 422
    assert desk.post(reverse("moderation:console_word_remove", args=[word.pk])).status_code == 302
    assert (
        desk.post(reverse("moderation:console_domain_remove", args=[ListedDomain.objects.get().pk])).status_code == 302
    )
    assert not ListedWord.objects.exists()
    assert not ListedDomain.objects.exists()
