"""What staff do, and invitations under pressure."""

import threading
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, connections

from terrace.kernel import options
from terrace.kernel.errors import Invalid, Refused
from terrace.kernel.models import EventRow
from terrace.members import actions
from terrace.members.models import (
    Invitation,
    Member,
    StaffNote,
)
from terrace.members.tests.conftest import PASSWORD, code_in

pytestmark = pytest.mark.django_db


def kinds():
    return list(EventRow.objects.order_by("pk").values_list("kind", flat=True))


class TestStaff:
    def test_give_role(self, make, now):
        boss, ann = make("Boss", role="administrator"), make("Ann")
        UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="a", user_agent="")
        actions.give_role(boss, ann, "engineer", team="Camera", now=now)
        row = Member.objects.get(pk=ann.pk)
        assert (row.role, row.team) == ("engineer", "Camera")
        assert not UserSession.objects.exists()
        event = EventRow.objects.get(kind="members.RoleGiven")
        assert (event.actor_id, event.data["role"], event.data["before"]) == (boss.pk, "engineer", "member")
        with pytest.raises(Invalid):
            actions.give_role(boss, ann, "king", now=now)

    @pytest.mark.parametrize("role", ["member", "moderator", "engineer", "operator"])
    def test_only_administrators(self, make, now, role):
        actor, ann = make("Actor", role=role), make("Ann")
        with pytest.raises(Refused):
            actions.give_role(actor, ann, "administrator", now=now)

    def test_suspend_and_lift(self, make, now):
        boss, ann = make("Boss", role="moderator"), make("Ann")
        until = now + timedelta(days=3)
        for bad in ({"reason": " ", "until": until}, {"reason": "x", "until": now}):
            with pytest.raises(Invalid):
                actions.suspend(boss, ann, now=now, **bad)
        actions.suspend(boss, ann, reason="Spam", until=until, now=now)
        row = Member.objects.get(pk=ann.pk)
        assert row.is_suspended(now) and row.is_active
        actions.unsuspend(boss, ann, now=now)
        assert not Member.objects.get(pk=ann.pk).is_suspended(now)
        actions.unsuspend(boss, ann, now=now)
        assert [kind for kind in kinds() if "usp" in kind] == ["members.MemberSuspended", "members.SuspensionLifted"]

    def test_time_lifts_a_suspension(self, make, now):
        boss, ann = make("Boss", role="moderator"), make("Ann")
        actions.suspend(boss, ann, reason="Spam", until=now + timedelta(days=1), now=now)
        assert actions.lift_ended_suspensions(now) == 0
        assert actions.lift_ended_suspensions(now + timedelta(days=2)) == 1
        assert actions.lift_ended_suspensions(now + timedelta(days=2)) == 0
        assert EventRow.objects.get(kind="members.SuspensionLifted").data["by_time"] is True

    def test_members_may_not(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        for act in (
            lambda: actions.suspend(ann, bob, reason="x", until=now + timedelta(days=1), now=now),
            lambda: actions.unsuspend(ann, bob, now=now),
            lambda: actions.write_note(ann, bob, "x", now=now),
            lambda: actions.give_title(ann, bob, "x", now=now),
            lambda: actions.invite(ann, uses=1, days=1, now=now),
            lambda: actions.revoke_invitation(ann, 1, now=now),
            lambda: actions.set_registration(ann, "closed", phone=False, now=now),
        ):
            with pytest.raises(Refused):
                act()

    def test_operators_do_not_invite_staff(self, make, now):
        with pytest.raises(Refused):
            actions.invite(make("Op", role="operator"), uses=1, days=1, role="administrator", now=now)

    def test_a_phone_is_asked_for_only_where_text_messages_go_out(self, make, now, settings, gateway):
        boss = make("Op", role="operator")
        with pytest.raises(Invalid) as refused:
            actions.set_registration(boss, "open", phone=True, now=now)
        assert refused.value.field == "phone" and "TERRACE_SMS" in refused.value.sentence
        assert not EventRow.objects.filter(kind="members.RegistrationChosen").exists()
        settings.TERRACE_SMS = gateway
        actions.set_registration(boss, "open", phone=True, now=now)
        options.forget()
        assert options.get("members.phone_before_post") is True

    def test_note(self, make, now):
        boss, ann = make("Boss", role="moderator"), make("Ann")
        actions.write_note(boss, ann, "Was warned", now=now)
        assert StaffNote.objects.get().text == "Was warned"
        assert kinds()[-1] == "members.NoteWritten"


@pytest.mark.django_db(transaction=True)
def test_an_invitation_lets_in_as_many_as_it_says(now, mailoutbox):
    """N + k browsers take the last uses of one invitation at the same moment; N come in."""
    uses, browsers = 3, 8
    options.put("members.registration", "invitation", now)
    options.forget()
    _row, invitation = actions.invite(None, uses=uses, days=1, now=now)
    tickets = []
    for i in range(browsers):
        ticket = actions.ask_sign_up(f"p{i}@example.com", invitation=invitation, language="en", now=now)
        tickets.append((ticket, code_in(mailoutbox[-1].subject)))
    start, outcomes = threading.Barrier(browsers), []

    def come(i):
        try:
            start.wait(10)
            actions.sign_up(
                tickets[i][0],
                code=tickets[i][1],
                handle=f"guest{'abcdefgh'[i]}",
                password=PASSWORD,
                invitation=invitation,
                language="en",
                now=now,
            )
            outcomes.append("in")
        except Refused:
            outcomes.append("out")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(i,)) for i in range(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("in") == uses and len(outcomes) == browsers
    assert Member.objects.count() == uses
    assert Invitation.objects.get().uses_left == 0
    assert connection.vendor in {"sqlite", "postgresql"}


def test_the_team_stands_beside_several_names(now):
    two = [actions.create_member(handle, role="engineer", now=now) for handle in ("陈澈", "周予")]
    actions.set_team([each.pk for each in two], "动效组")
    assert set(Member.objects.values_list("team", flat=True)) == {"动效组"}
