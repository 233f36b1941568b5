"""A changed way in is told, once."""

import pytest

from terrace.kernel import deliveries, events
from terrace.kernel.models import Delivery
from terrace.members import actions, tasks
from terrace.members.models import Code, Member
from terrace.members.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def drain(now):
    while deliveries.drain(now):
        pass


def test_both_addresses_hear(make, now, mailoutbox):
    ann = make("Ann", email="old@example.com", phone="+8613800138000", language="en")
    actions.remove_contact(ann, "email", keep="", now=now)
    drain(now)
    assert [message.to for message in mailoutbox] == [["old@example.com"]]
    assert "Ann" in mailoutbox[0].body and "no longer" in mailoutbox[0].body
    drain(now)
    assert len(mailoutbox) == 1
    assert not Delivery.objects.filter(state="due").exists()


def test_new_password_is_told(make, now, mailoutbox):
    ann = make("Ann", email="ann@example.com", password=PASSWORD, language="zh-hans")
    actions.change_password(ann, password="kettle-banana-7", keep="", now=now)
    drain(now)
    assert "密码" in mailoutbox[0].body and "密码" in mailoutbox[0].alternatives[0][0]


def test_who_has_left_is_told_nothing(make, now, mailoutbox):
    ann = make("Ann", email="ann@example.com", password=PASSWORD)
    actions.change_password(ann, password="kettle-banana-7", keep="", now=now)
    actions.delete_account(ann, now=now)
    drain(now)
    assert mailoutbox == []


def test_letters_to_outside_wait_in_the_outside_lane():
    assert {"members.tell_of_contact", "members.tell_of_password"} <= events.outside_names()


def test_tasks(make, now):
    from datetime import timedelta

    boss, ann = make("Boss", role="moderator"), make("Ann")
    actions.suspend(boss, ann, reason="x", until=now + timedelta(hours=1), now=now)
    actions.ask_sign_up("a@example.com", invitation="", language="en", now=now)
    tasks.lift_suspensions(now + timedelta(hours=2))
    assert Member.objects.get(pk=ann.pk).suspended_until is None
    tasks.forget_codes(now + timedelta(days=1))
    assert Code.objects.count() == 1
    tasks.forget_codes(now + timedelta(days=3))
    assert Code.objects.count() == 0
