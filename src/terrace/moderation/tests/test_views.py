"""Flag, log and appeal: page, form without script, stranger."""

from datetime import timedelta

import pytest
from django.urls import reverse

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import clock
from terrace.moderation import actions
from terrace.moderation.models import Appeal, Case, Flag
from terrace.moderation.tests.people import build, person


@pytest.fixture
def place(db):
    """The community, now: requests ask the real clock."""
    return build(clock.now() - timedelta(minutes=1))


def flag_url(place):
    return reverse("moderation:post_flag", args=[place.reply.pk])


def test_flagging_by_plain_form(client, place):
    client.force_login(place.asker)
    assert flag_url(place) == f"/posts/{place.reply.pk}/flag"
    page = client.get(flag_url(place)).content.decode()
    assert "data-sheet" in page
    assert page.count('type="radio"') == 5
    wrong = client.post(flag_url(place), {"reason": "other", "text": ""})
    assert wrong.status_code == 422
    answer = client.post(flag_url(place), {"reason": "spam", "text": ""})
    assert (answer.status_code, answer["Location"]) == (302, reverse("forum:post_open", args=[place.reply.pk]))
    assert Flag.objects.get().member_id == place.asker.pk
    assert "data-sheet" in client.get(flag_url(place)).content.decode()
    client.post(flag_url(place), {"reason": "abuse"})
    assert Flag.objects.count() == 1


def test_who_may_not_flag(client, place):
    assert client.get(flag_url(place)).status_code == 302
    client.force_login(place.author)
    assert client.get(flag_url(place)).status_code == 403
    client.force_login(place.asker)
    forum.set_rule(place.board, "see", audience="staff", now=place.now)
    from terrace.forum import policies

    policies.forget_tree()
    assert client.get(flag_url(place)).status_code == 404
    assert client.get(reverse("moderation:post_flag", args=[10**15])).status_code == 404


def test_the_log_is_for_everybody_and_names_nobody(client, place):
    actions.flag(place.reply, by=place.asker, reason="spam", text="秘密的话", now=place.now)
    actions.decide(Case.objects.get(), "hide", by=place.moderator, message="私下的话", now=place.now)
    answer = client.get("/moderation/", headers={"accept-language": "en"})
    page = answer.content.decode()
    assert "Post hidden" in page
    assert "Advertising or spam" in page
    for private in ("秘密的话", "私下的话", "晴川", "叶青", "提问的人", "Ridge"):
        assert private not in page
    assert answer["Terrace-Tags"] == "moderation"


def test_an_appeal(client, place):
    actions.flag(place.reply, by=place.asker, reason="spam", now=place.now)
    decision = actions.decide(Case.objects.get(), "hide", by=place.moderator, message="我们收起来了。", now=place.now)
    url = reverse("moderation:appeal", args=[decision.pk])
    assert url == f"/moderation/appeals/{decision.pk}"
    assert client.get(url).status_code == 302
    client.force_login(place.asker)
    assert client.get(url).status_code == 404
    client.force_login(place.author)
    page = client.get(url).content.decode()
    assert "我们收起来了。" in page
    assert "叶青" not in page
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "这是自用的<script>"}).status_code == 302
    assert Appeal.objects.get().text == "这是自用的<script>"
    page = client.get(url).content.decode()
    assert "<textarea" not in page
    assert "自用的<script>" not in page
    assert client.post(url, {"text": "再来"}).status_code == 403


def test_the_suspended_can_appeal(client, place):
    actions.flag(place.reply, by=place.asker, reason="spam", now=place.now)
    decision = actions.decide(Case.objects.get(), "suspend", by=place.moderator, message="停三天", now=place.now)
    client.force_login(place.author)
    assert client.post(reverse("moderation:appeal", args=[decision.pk]), {"text": "误会"}).status_code == 302


@pytest.mark.parametrize("first", [False, True])
def test_the_flag_that_hides_a_post_leads_to_what_is_left(client, place, first):
    post = forum_queries.first_post(place.topic.pk) if first else place.reply
    actions.flag(post, by=person("常客", place.now, level=5), reason="spam", now=place.now)
    client.force_login(person("又一位常客", place.now, level=5))
    answer = client.post(reverse("moderation:post_flag", args=[post.pk]), {"reason": "spam", "text": ""}, follow=True)
    post.refresh_from_db()
    assert post.state == "hidden"
    assert answer.status_code == 200
    where = "/b/battery/" if first else forum_queries.topic_address(place.topic)
    assert answer.redirect_chain[0][0] == where
