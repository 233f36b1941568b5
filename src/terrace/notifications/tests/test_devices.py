"""Notices on screens: sent to whom they are for, while they may read them, once, through a push service that checks."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_httpserver import HTTPServer
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from werkzeug import Response

from terrace.forum import actions as forum
from terrace.kernel import deliveries, events, outbound, push
from terrace.kernel.errors import Missing, Refused
from terrace.kernel.models import Delivery, EventRow
from terrace.kernel.tests.pushing import PushService, certificate
from terrace.members import actions as members
from terrace.notifications import actions, listeners, queries
from terrace.notifications.actions import devices
from terrace.notifications.events import NoticeTold
from terrace.notifications.models import Device, Notice

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def server(tmp_path):
    with HTTPServer(host="127.0.0.1", ssl_context=certificate(tmp_path)) as running:
        yield running


@pytest.fixture
def service(server, tmp_path, now):
    return PushService(server, tmp_path, push.application_key(), now)


@pytest.fixture
def signed_in():
    """Return a function giving a browser of somebody, as in life."""

    def sign_in(member, language="en"):
        client = Client(headers={"accept-language": language, "user-agent": AGENT}, enforce_csrf_checks=True)
        client.force_login(member)
        return client

    return sign_in


@pytest.fixture
def join(signed_in, now):
    """Return a function that turns notifications on for somebody at a push service."""

    def turn_on(member, service):
        return actions.join_device(
            member, service.browser, agent=AGENT, session_key=signed_in(member).session.session_key, now=now
        )

    return turn_on


@pytest.fixture
def topic_of_lin(make_topic, quiet):
    topic = make_topic("夜景怎么拍")
    quiet()
    return topic


@pytest.fixture
def send(service, now):
    """Return a function that makes the deliveries to devices which wait, as the worker does; it gives how many were tried."""

    def hand(at=None, through=service.fetch):
        outside = partial(actions.push_notice, fetch=through)

        def push_notice(event, handed):
            outside(event.notice_id, event.device_id, attempt=handed.attempt, now=handed.now)

        push_notice.__module__ = listeners.__name__
        events.wire(NoticeTold, push_notice, outside=True)
        try:
            return deliveries.drain(at or now, outside=True)
        finally:
            events.wire(NoticeTold, listeners.push_notice, outside=True)

    return hand


def waiting():
    return Delivery.objects.filter(listener="notifications.push_notice", state=Delivery.DUE)


class TestTelling:
    def test_a_reply_is_on_the_screen(self, service, join, send, lin, wen, topic_of_lin, make_reply, heard):
        members.choose_language(lin, "en")
        device = join(lin, service)
        make_reply(topic_of_lin, "用三脚架试试。")
        heard()
        assert send() == 1
        notice = Notice.objects.get(member=lin)
        assert service.said == [
            {
                "title": f"{wen.handle} wrote in “夜景怎么拍”, which you follow",
                "body": "用三脚架试试。",
                "url": f"/notices/{notice.pk}/",
                "tag": f"notice-{notice.pk}",
                "lang": "en",
                "count": 1,
            }
        ]
        head = service.heads[0]
        assert (head["ttl"], head["topic"], head["urgency"]) == ("86400", f"notice-{notice.pk}", "normal")
        device.refresh_from_db()
        assert device.used_at is not None and device.failures == 0
        assert send() == 0

    def test_in_the_language_of_the_member(self, service, join, send, lin, topic_of_lin, make_reply, heard):
        members.choose_language(lin, "zh-hans")
        join(lin, service)
        make_reply(topic_of_lin)
        heard()
        send()
        assert service.said[0]["lang"] == "zh-Hans" and "里说了话" in service.said[0]["title"]

    def test_a_device_is_told_once_of_an_event(self, service, join, send, lin, topic_of_lin, make_reply, heard, again):
        join(lin, service)
        make_reply(topic_of_lin)
        heard()
        send()
        again()
        assert waiting().count() == 1, "the test has made the delivery due again"
        assert EventRow.objects.filter(kind=NoticeTold.kind).count() == 1

    def test_every_device_for_itself(
        self, server, tmp_path, service, join, send, lin, now, topic_of_lin, make_reply, heard
    ):
        other = PushService(server, tmp_path, push.application_key(), now)
        join(lin, service), join(lin, other)
        other.answer = Response(status=503)
        make_reply(topic_of_lin)
        heard()
        assert send() == 2
        assert (len(service.said), len(other.said), waiting().count()) == (1, 0, 1)
        other.answer = Response(status=201)
        assert send(now + timedelta(minutes=1)) == 1
        assert (len(service.said), len(other.said), waiting().count()) == (1, 1, 0)

    def test_nobody_without_a_device_makes_an_event(self, lin, topic_of_lin, make_reply, heard):
        make_reply(topic_of_lin)
        heard()
        assert Notice.objects.filter(member=lin).exists()
        assert not EventRow.objects.filter(kind=NoticeTold.kind).exists()


class TestAtTheMomentOfSending:
    """What was true when the notice was written need not be true any more."""

    @pytest.fixture
    def told(self, service, join, lin, topic_of_lin, make_reply, heard):
        join(lin, service)
        reply = make_reply(topic_of_lin)
        heard()
        return reply

    def test_seen_on_another_device(self, service, send, told, lin, now):
        actions.see_all(lin.pk, now=now)
        assert send() == 1 and service.said == [] and Device.objects.count() == 1

    def test_hidden_by_a_moderator(self, service, send, told, moderator, now):
        forum.hide_post(told, by=moderator, reason="spam", now=now)
        assert send() == 1 and service.said == []

    def test_declined_since(self, service, send, told, lin):
        actions.choose_kinds(lin.pk, [])
        assert send() == 1 and service.said == []

    def test_muted_since(self, service, send, told, lin, wen, now):
        members.mute(lin, wen, now=now)
        assert send() == 1 and service.said == []

    def test_suspended_since(self, service, send, told, lin, moderator, heard, now):
        members.suspend(moderator, lin, reason="spam", until=now + timedelta(days=1), now=now)
        assert send() == 1 and service.said == [] and not Device.objects.exists()

    def test_signed_out_since(self, service, send, told, lin):
        Session.objects.all().delete()
        assert send() == 1 and service.said == [] and not Device.objects.exists()

    def test_the_sign_in_ran_out(self, service, send, told, now):
        Session.objects.all().update(expire_date=now)
        assert send() == 1 and service.said == [] and not Device.objects.exists()

    def test_turned_off(self, service, send, told, lin):
        actions.end_device(lin.pk, Device.objects.get().pk)
        assert send() == 1 and service.said == []

    def test_another_member_turned_it_on_there(self, service, send, told, join, wen):
        join(wen, service)
        assert send() == 1 and service.said == [] and Device.objects.get().member_id == wen.pk


class TestThePushService:
    @pytest.fixture
    def told(self, service, join, lin, topic_of_lin, make_reply, heard):
        device = join(lin, service)
        make_reply(topic_of_lin)
        heard()
        return device

    @pytest.mark.parametrize("status", [404, 410])
    def test_an_address_that_is_gone_is_forgotten(self, service, send, told, status):
        service.answer = Response(status=status)
        send()
        assert not Device.objects.exists() and not waiting().exists()

    def test_it_is_asked_again_when_it_wants(self, service, send, told, now):
        service.answer = Response(status=429, headers={"Retry-After": "600"})
        send()
        assert waiting().get().due_at == now + timedelta(minutes=10)
        assert send(now + timedelta(minutes=9)) == 0
        service.answer = Response(status=201)
        assert send(now + timedelta(minutes=10)) == 1 and len(service.said) == 1

    def test_it_is_left_alone_in_the_end(self, service, send, told, now):
        service.answer = Response(status=500)
        at, tries = now, 0
        while waiting().exists():
            at = max(at, waiting().get().due_at)
            tries += send(at)
        assert tries == devices.TRIES and Delivery.objects.filter(state=Delivery.DEAD).count() == 0
        told.refresh_from_db()
        assert told.failures == 1

    def test_it_is_too_slow(self, server, service, send, told, now, monkeypatch):
        monkeypatch.setattr(push, "TIMEOUT", 0.3)

        def slowly(_request):
            time.sleep(1)
            return Response(status=201)

        service._take, take = slowly, service._take
        server.clear()
        server.expect_request(service.browser.endpoint.removeprefix("https://push.example")).respond_with_handler(
            slowly
        )
        send()
        assert waiting().get().error.startswith("to be tried again") and Device.objects.count() == 1
        server.clear()
        server.expect_request(service.browser.endpoint.removeprefix("https://push.example")).respond_with_handler(take)
        monkeypatch.undo()
        send(now + timedelta(minutes=1))
        assert len(service.said) == 1

    def test_what_it_refuses_is_not_sent_again(self, service, send, told):
        service.answer = Response(status=400)
        send()
        told.refresh_from_db()
        assert told.failures == 1 and not waiting().exists()

    def test_a_device_that_takes_nothing_for_long_is_forgotten(self, service, send, told, now):
        service.answer = Response(status=400)
        Device.objects.update(failures=devices.FAILURES - 1, created_at=now - timedelta(days=8))
        send()
        assert not Device.objects.exists()

    def test_a_private_address_is_forgotten(self, send, told):
        send(through=partial(outbound.fetch, resolve=lambda _host, _port: ["10.0.0.1"]))
        assert not Device.objects.exists() and not waiting().exists()

    def test_another_secret_key_sends_nothing(self, send, told, lin, topic_of_lin, make_reply, heard, settings):
        Delivery.objects.all().delete()
        settings.SECRET_KEY = "another" * 8
        make_reply(topic_of_lin, "再试一次。")
        heard()
        assert not waiting().exists() and queries.lost_devices() == 1


class TestJoining:
    def test_twice_is_once_and_a_new_address_takes_the_place_of_the_old(self, server, tmp_path, service, now, lin):
        turn_on = partial(actions.join_device, lin, agent=AGENT, session_key="one", now=now)
        first = turn_on(service.browser)
        assert turn_on(service.browser).pk == first.pk and Device.objects.count() == 1
        moved = turn_on(PushService(server, tmp_path, "", now).browser)
        assert Device.objects.get() == moved

    def test_the_oldest_makes_room(self, server, tmp_path, now, lin):
        made = [
            actions.join_device(
                lin, PushService(server, tmp_path, "", now).browser, agent="", session_key=f"s{n}", now=now
            ).pk
            for n in range(devices.MOST + 2)
        ]
        assert sorted(Device.objects.values_list("pk", flat=True)) == made[2:]

    def test_not_while_suspended(self, service, lin, moderator, now):
        members.suspend(moderator, lin, reason="spam", until=now + timedelta(days=1), now=now)
        with pytest.raises(Refused, match="suspended"):
            actions.join_device(lin, service.browser, agent="", session_key="one", now=now)

    def test_a_suspension_ends_them(self, service, join, lin, wen, moderator, heard, now):
        join(lin, service)
        members.suspend(moderator, lin, reason="spam", until=now + timedelta(days=1), now=now)
        heard()
        assert not Device.objects.exists()

    def test_only_ones_own_can_be_ended(self, service, join, lin, wen):
        device = join(lin, service)
        with pytest.raises(Missing):
            actions.end_device(wen.pk, device.pk)

    def test_export_has_no_secret(self, service, join, lin, now):
        join(lin, service)
        assert queries.export_member(lin.pk)["devices"] == [{"agent": AGENT, "created_at": now, "used_at": None}]

    def test_who_leaves_leaves_no_device(self, service, join, lin, now):
        join(lin, service)
        actions.forget_member(lin.pk)
        assert not Device.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_members_at_once_on_one_browser(at_once, service, lin, wen, now):
    turn_on = partial(actions.join_device, browser=service.browser, agent="", now=now)
    made = at_once(lambda: turn_on(lin, session_key="a"), lambda: turn_on(wen, session_key="b"))
    assert [type(each) for each in made] == [Device, Device]
    assert Device.objects.get().member_id in {lin.pk, wen.pk}


class TestPages:
    def token(self, client):
        page = HTMLParser(client.get("/settings/notices/").content.decode())
        return page.css_first("main input[name=csrfmiddlewaretoken]").attributes["value"]

    def post(self, client, address, **data):
        return client.post(address, {"csrfmiddlewaretoken": self.token(client), **data})

    def keys(self, service):
        return {"endpoint": service.browser.endpoint, "p256dh": service.browser.p256dh, "auth": service.browser.auth}

    def test_on_listed_and_off(self, service, signed_in, lin):
        here, there = signed_in(lin), signed_in(lin)
        response = self.post(here, "/settings/notices/devices/", **self.keys(service))
        assert (response.status_code, response.headers["Location"]) == (302, "/settings/notices/")
        page = HTMLParser(here.get("/settings/notices/").content.decode()).css_first("[data-behavior=push]")
        assert (
            "This device" in page.text() and page.css_first("[data-push-off]") and not page.css_first("[data-push-on]")
        )
        page = HTMLParser(there.get("/settings/notices/").content.decode()).css_first("[data-behavior=push]")
        assert "Chrome, Android" in page.text() and page.css_first("[data-push-on]")
        assert page.attributes["data-push-key"] == push.application_key()
        address = next(form.attributes["action"] for form in page.css("form") if "end" in form.attributes["action"])
        assert self.post(there, address).status_code == 302
        assert not Device.objects.exists()
        assert self.post(there, address).status_code == 404

    def test_signed_out_there_is_not_listed(self, service, signed_in, lin, wen):
        here, there = signed_in(lin), signed_in(lin)
        self.post(there, "/settings/notices/devices/", **self.keys(service))
        assert "Chrome, Android" in here.get("/settings/notices/").content.decode()
        there.logout()
        assert "Chrome, Android" not in here.get("/settings/notices/").content.decode()

    @pytest.mark.parametrize("wrong", [{}, {"endpoint": "http://push.example/1"}, {"p256dh": "x"}, {"auth": "x"}])
    def test_what_is_no_browser(self, service, signed_in, lin, wrong):
        data = self.keys(service) | wrong if wrong else {}
        response = self.post(signed_in(lin), "/settings/notices/devices/", **data)
        assert response.status_code == 422 and "did not say where" in response.content.decode()
        assert not Device.objects.exists()

    def test_strangers_sign_in_first(self, service):
        for address in ("/settings/notices/devices/", "/settings/notices/devices/1/end/"):
            assert Client().post(address).status_code == 302
