"""Accounts: rows and events, each error, twice equals once."""

import hashlib
import threading
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, connections

from terrace.kernel import options
from terrace.kernel.errors import Conflict, Invalid, Missing, Refused, TooMany
from terrace.kernel.models import EventRow, OutboxMessage
from terrace.kernel.words import skeleton
from terrace.members import actions, queries
from terrace.members.models import (
    Avoidance,
    Code,
    ContactChange,
    Follow,
    FormerHandle,
    Invitation,
    Member,
    StaffNote,
)
from terrace.members.tests.conftest import PASSWORD, code_in

pytestmark = pytest.mark.django_db


def kinds():
    return list(EventRow.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def now_sent(django_capture_on_commit_callbacks):
    """Do something and let what waits for its commit happen."""

    def do(act, *args, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **fields)

    return do


class TestMembers:
    def test_create(self, make, now):
        member = make("林小满", email="Lin@Example.com", password=PASSWORD, growth=90)
        row = Member.objects.get(pk=member.pk)
        assert (row.handle, row.email, row.level) == ("林小满", "lin@example.com", 3)
        assert row.check_password(PASSWORD) and row.password.startswith("argon2")
        assert row.email_verified_at == now
        assert kinds() == ["members.MemberJoined"]

    @pytest.mark.parametrize(
        ("first", "second"),
        [("Tom", "TOM"), ("Paul", "PauI"), ("paypal", "рaypal"), ("軟體", "软体"), ("moon", "m00n")],
    )
    def test_look_alikes_are_one_name(self, make, now, first, second):
        make(first)
        with pytest.raises(Invalid) as caught:
            actions.create_member(second, now=now)
        assert caught.value.field == "handle"
        assert Member.objects.count() == 1

    def test_an_address_belongs_to_one_account(self, make, now):
        make("Ann", email="ann@example.com")
        with pytest.raises(Invalid) as caught:
            actions.create_member("Bob", email="ANN@example.com", now=now)
        assert caught.value.field == "contact"

    def test_bulk_unclaimed_numbers_names_and_is_idempotent(self, make, now):
        make("Tom")
        authors = [
            (f"thread:{i}", hint)
            for i, hint in enumerate(["Tom", "tom", "T0M", "用户", "用户", "!!", "", "a", "admin", "x" * 60])
        ]
        made = actions.bulk_unclaimed(authors, now=now)
        assert len(set(made.values())) == len(authors)
        assert actions.bulk_unclaimed(authors, now=now) == made
        rows = Member.objects.filter(claimed=False)
        assert rows.count() == len(authors)
        assert all(2 <= len(row.handle) <= 20 and row.skeleton == skeleton(row.handle) for row in rows)
        assert not any(row.has_usable_password() or row.is_active for row in rows)
        assert kinds() == ["members.MemberJoined"]

    def test_bulk_unclaimed_of_many_with_one_name(self, db, now):
        made = actions.bulk_unclaimed([(f"t:{i}", "小明") for i in range(300)], now=now)
        assert len(set(made.values())) == 300
        assert actions.create_unclaimed("t:5", "小明", now=now) == made["t:5"]


class TestHandles:
    def test_change_reserves_the_old_one_for_its_owner(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        actions.change_handle(ann, "Anna", now=now)
        assert queries.by_handle("Anna").pk == ann.pk
        assert queries.moved_to("Ann", now) == "Anna"
        assert kinds()[-1] == "members.HandleChanged"
        with pytest.raises(Invalid):
            actions.change_handle(bob, "ANN", now=now)
        with pytest.raises(Refused):
            actions.change_handle(ann, "Annika", now=now + timedelta(days=29))
        later = now + timedelta(days=31)
        actions.change_handle(ann, "Annika", now=later)
        assert queries.moved_to("Ann", later) is None
        actions.change_handle(bob, "Ann", now=later)

    def test_owner_may_go_back(self, make, now):
        ann = make("Ann")
        options.put("members.handle_cooldown_days", 0, now)
        options.forget()
        actions.change_handle(ann, "Anna", now=now)
        actions.change_handle(ann, "Ann", now=now)
        assert FormerHandle.objects.filter(handle="Ann").count() == 0

    @pytest.mark.parametrize("handle", ["admin", "x", "a b", "bob"])
    def test_refused(self, make, now, handle):
        make("Bob")
        ann = make("Ann")
        with pytest.raises(Invalid):
            actions.change_handle(ann, handle, now=now)
        assert Member.objects.get(pk=ann.pk).handle == "Ann"

    def test_same_again_is_nothing(self, make, now):
        ann = make("Ann")
        actions.change_handle(ann, "Ann", now=now)
        assert kinds() == ["members.MemberJoined"]


class TestSignUp:
    def ask(self, now_sent, now, contact="ann@example.com", **more):
        fields = {"invitation": "", "language": "en", "now": now, **more}
        return now_sent(actions.ask_sign_up, contact, **fields)

    def join(self, ticket, code, now, **more):
        fields = {"handle": "Ann", "password": PASSWORD, "invitation": "", "language": "en", **more}
        return actions.sign_up(ticket, code=code, now=now, **fields)

    def test_by_mail(self, now_sent, now, mailoutbox):
        ticket = self.ask(now_sent, now)
        member = self.join(ticket, code_in(mailoutbox[0].subject), now)
        assert (member.email, member.email_verified_at, member.role) == ("ann@example.com", now, "member")
        assert mailoutbox[0].alternatives and mailoutbox[0].to == ["ann@example.com"]

    def test_by_phone(self, now_sent, now):
        ticket = self.ask(now_sent, now, "138 0013 8000")
        sms = OutboxMessage.objects.get(channel="sms")
        assert sms.to == "+8613800138000"
        member = self.join(ticket, code_in(sms.body), now)
        assert (member.phone, member.phone_verified_at, member.email) == ("+8613800138000", now, "")

    def test_nothing_secret_is_kept(self, now_sent, now, mailoutbox):
        ticket = self.ask(now_sent, now)
        code = code_in(mailoutbox[0].subject)
        row = Code.objects.get()
        assert ticket not in str(row.__dict__) and code not in row.code_hash
        assert row.code_hash != hashlib.sha256(code.encode()).hexdigest()

    def test_code_is_one_time_and_dies_by_attempts_time_and_ticket(self, now_sent, now, mailoutbox):
        ticket = self.ask(now_sent, now)
        code = code_in(mailoutbox[0].subject)
        wrong = "000000" if code != "000000" else "111111"
        with pytest.raises(Invalid):
            self.join("another-browser", code, now)
        with pytest.raises(Invalid):
            self.join(ticket, code, now + timedelta(minutes=11))
        for _try in range(5):
            with pytest.raises(Invalid):
                self.join(ticket, wrong, now)
        with pytest.raises(Invalid):
            self.join(ticket, code, now)
        assert not Member.objects.exists()
        ticket = self.ask(now_sent, now + timedelta(minutes=2))
        self.join(ticket, code_in(mailoutbox[-1].subject), now + timedelta(minutes=2))
        with pytest.raises(Invalid):
            self.join(ticket, code_in(mailoutbox[-1].subject), now + timedelta(minutes=2), handle="Other")

    def test_a_bad_handle_or_password_does_not_cost_the_code(self, now_sent, now, make, mailoutbox):
        make("Bob")
        ticket = self.ask(now_sent, now)
        code = code_in(mailoutbox[0].subject)
        for bad in ({"handle": "bob"}, {"handle": "admin"}, {"password": "short"}):
            with pytest.raises(Invalid):
                self.join(ticket, code, now, **bad)
        assert self.join(ticket, code, now).handle == "Ann"

    def test_a_known_address_hears_that_it_has_an_account(self, now_sent, now, make, mailoutbox):
        make("Bob", email="ann@example.com")
        ticket = self.ask(now_sent, now)
        assert "already" in mailoutbox[0].body
        for guess in ("000000", ""):
            with pytest.raises(Invalid):
                self.join(ticket, guess, now)

    def test_pace(self, now_sent, now):
        self.ask(now_sent, now)
        with pytest.raises(TooMany) as caught:
            self.ask(now_sent, now)
        assert 0 < caught.value.retry_after <= 31
        for minute in range(1, 5):
            self.ask(now_sent, now + timedelta(minutes=minute))
        with pytest.raises(TooMany):
            self.ask(now_sent, now + timedelta(minutes=6))
        self.ask(now_sent, now + timedelta(minutes=62))

    def test_resending_kills_the_code_before(self, now_sent, now, mailoutbox):
        first = self.ask(now_sent, now)
        later = now + timedelta(minutes=1)
        self.ask(now_sent, later, replaces=first)
        with pytest.raises(Invalid):
            self.join(first, code_in(mailoutbox[0].subject), later)

    def test_closed(self, now_sent, now):
        options.put("members.registration", "closed", now)
        options.forget()
        with pytest.raises(Refused):
            self.ask(now_sent, now)

    def test_by_invitation(self, now_sent, now, make, mailoutbox):
        options.put("members.registration", "invitation", now)
        options.forget()
        boss = make("Boss", role="administrator")
        row, code = actions.invite(boss, uses=1, days=3, role="moderator", now=now)
        assert code not in row.code_hash
        with pytest.raises(Refused):
            self.ask(now_sent, now)
        ticket = self.ask(now_sent, now, invitation=code)
        member = self.join(ticket, code_in(mailoutbox[0].subject), now, invitation=code)
        assert member.role == "moderator"
        with pytest.raises(Refused):
            self.ask(now_sent, now, "other@example.com", invitation=code)

    def test_invitation_ends(self, now_sent, now, make):
        options.put("members.registration", "invitation", now)
        options.forget()
        boss = make("Boss", role="operator")
        row, code = actions.invite(boss, uses=5, days=3, now=now)
        with pytest.raises(Refused):
            self.ask(now_sent, now + timedelta(days=4), invitation=code)
        actions.revoke_invitation(boss, row.pk, now=now)
        with pytest.raises(Refused):
            self.ask(now_sent, now, invitation=code)


class TestContacts:
    def change(self, member, contact, now, now_sent, mailoutbox):
        ticket = now_sent(actions.ask_contact_change, member, contact, now=now)
        return ticket, code_in(mailoutbox[-1].subject)

    def test_change_tells_both_and_ends_everything(self, make, now, now_sent, mailoutbox):
        ann = make("Ann", email="old@example.com", password=PASSWORD)
        UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="here", user_agent="")
        UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="there", user_agent="")
        reset = now_sent(actions.ask_reset, "old@example.com", language="en", now=now)
        reset_code = code_in(mailoutbox[-1].subject)
        stale, stale_code = self.change(ann, "stale@example.com", now, now_sent, mailoutbox)
        ticket, code = self.change(ann, "new@example.com", now, now_sent, mailoutbox)
        with pytest.raises(Invalid):
            actions.change_contact(ann, stale, stale_code, keep="here", now=now)
        actions.change_contact(ann, ticket, code, keep="here", now=now)
        assert Member.objects.get(pk=ann.pk).email == "new@example.com"
        assert kinds()[-1] == "members.ContactChanged"
        assert list(UserSession.objects.values_list("session_key", flat=True)) == ["here"]
        with pytest.raises(Invalid):
            actions.reset_password(reset, code=reset_code, password="another-good-1", now=now)
        with pytest.raises(Invalid):
            actions.change_contact(ann, ticket, code, keep="here", now=now)
        change = ContactChange.objects.get()
        assert (change.old, change.new) == ("old@example.com", "new@example.com")
        mailoutbox.clear()
        actions.tell_contact_change(change, key="1")
        assert {message.to[0] for message in mailoutbox} == {"old@example.com", "new@example.com"}
        assert not any("new@example.com" in m.body for m in mailoutbox if m.to == ["old@example.com"])

    def test_a_code_belongs_to_its_member(self, make, now, now_sent, mailoutbox):
        ann, bob = make("Ann", email="a@example.com"), make("Bob", email="b@example.com")
        ticket, code = self.change(ann, "new@example.com", now, now_sent, mailoutbox)
        with pytest.raises(Invalid):
            actions.change_contact(bob, ticket, code, keep="", now=now)
        assert Member.objects.get(pk=bob.pk).email == "b@example.com"

    def test_somebody_elses_address(self, make, now, now_sent, mailoutbox):
        ann = make("Ann", email="a@example.com")
        make("Bob", email="b@example.com")
        ticket = now_sent(actions.ask_contact_change, ann, "b@example.com", language="en", now=now)
        assert "already" in mailoutbox[-1].body
        with pytest.raises(Invalid):
            actions.change_contact(ann, ticket, "", keep="", now=now)

    def test_last_address_stays(self, make, now):
        ann = make("Ann", email="a@example.com")
        with pytest.raises(Conflict):
            actions.remove_contact(ann, "email", keep="", now=now)
        both = make("Bob", email="b@example.com", phone="+8613800138000")
        actions.remove_contact(both, "email", keep="", now=now)
        row = Member.objects.get(pk=both.pk)
        assert (row.email, row.email_verified_at, row.phone) == ("", None, "+8613800138000")


class TestPasswords:
    def test_reset(self, make, now, now_sent, mailoutbox):
        ann = make("Ann", email="a@example.com", password=PASSWORD)
        UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="there", user_agent="")
        ticket = now_sent(actions.ask_reset, "A@example.com", language="en", now=now)
        code = code_in(mailoutbox[0].subject)
        with pytest.raises(Invalid) as caught:
            actions.reset_password(ticket, code=code, password="short", now=now)
        assert caught.value.field == "password"
        actions.reset_password(ticket, code=code, password="kettle-banana-7", now=now)
        assert Member.objects.get(pk=ann.pk).check_password("kettle-banana-7")
        assert not UserSession.objects.exists()
        assert kinds()[-1] == "members.PasswordChanged"
        with pytest.raises(Invalid):
            actions.reset_password(ticket, code=code, password="kettle-banana-8", now=now)

    def test_unknown_address_gets_a_letter_too(self, db, now, now_sent, mailoutbox):
        ticket = now_sent(actions.ask_reset, "nobody@example.com", language="en", now=now)
        assert len(mailoutbox) == 1 and "No account" in mailoutbox[0].subject
        with pytest.raises(Invalid):
            actions.reset_password(ticket, code="000000", password="kettle-banana-7", now=now)

    def test_change_ends_the_other_sessions_and_codes(self, make, now, now_sent, mailoutbox):
        ann = make("Ann", email="a@example.com", password=PASSWORD)
        for key in ("here", "there"):
            UserSession.objects.create(user=ann, ip="1.1.1.1", session_key=key, user_agent="")
        ticket = now_sent(actions.ask_sign_in, "a@example.com", language="en", now=now)
        code = code_in(mailoutbox[0].subject)
        actions.change_password(ann, password="kettle-banana-7", keep="here", now=now)
        assert list(UserSession.objects.values_list("session_key", flat=True)) == ["here"]
        with pytest.raises(Invalid):
            actions.sign_in_by_code(ticket, code, now=now)

    def test_sign_in_by_code(self, make, now, now_sent, mailoutbox):
        ann = make("Ann", email="a@example.com")
        ticket = now_sent(actions.ask_sign_in, "a@example.com", language="en", now=now)
        assert actions.sign_in_by_code(ticket, code_in(mailoutbox[0].subject), now=now).pk == ann.pk

    def test_end_session_of_somebody_else(self, make):
        ann, bob = make("Ann"), make("Bob")
        session = UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="a", user_agent="")
        with pytest.raises(Missing):
            actions.end_session(bob, session.pk)
        actions.end_session(ann, session.pk)
        assert not UserSession.objects.exists()


class TestPeople:
    def test_follow_and_friends(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        assert actions.follow(ann, bob, now=now) is True
        assert actions.follow(ann, bob, now=now) is False
        assert not queries.relation(ann.pk, bob.pk).friends
        actions.follow(bob, ann, now=now)
        assert queries.relation(ann.pk, bob.pk).friends
        assert EventRow.objects.filter(kind="members.MemberFollowed").count() == 2
        assert EventRow.objects.filter(kind="members.MemberFollowed").last().data["friends"] is True
        actions.unfollow(ann, bob)
        assert queries.following_ids(ann.pk) == set()

    def test_block_ends_follows_and_stops_new_ones(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        actions.follow(ann, bob, now=now)
        actions.follow(bob, ann, now=now)
        actions.block(ann, bob, now=now)
        assert not Follow.objects.exists()
        for one, other in ((ann, bob), (bob, ann)):
            with pytest.raises(Refused):
                actions.follow(one, other, now=now)
        assert queries.blocked_either(bob.pk, ann.pk)
        actions.release(ann, bob)
        assert actions.follow(bob, ann, now=now)

    def test_mute_is_one_sided(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        actions.mute(ann, bob, now=now)
        actions.mute(ann, bob, now=now)
        assert queries.avoided_by(ann.pk) == {bob.pk}
        assert queries.avoided_by(bob.pk) == set()
        assert not queries.blocked_either(ann.pk, bob.pk)

    def test_nobody_meets_themselves(self, make, now):
        ann = make("Ann")
        for act in (actions.follow, actions.mute, actions.block):
            with pytest.raises(Refused):
                act(ann, ann, now=now)


class TestGrowth:
    def test_level_is_recorded_when_it_rises(self, make, now):
        ann = make("Ann")
        assert actions.set_growth(ann.pk, 25, now) == 2
        assert actions.set_growth(ann.pk, 25, now) == 2
        assert actions.set_growth(ann.pk, 10, now) == 1
        assert kinds().count("members.LevelReached") == 1
        assert Member.objects.get(pk=ann.pk).growth == 10


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

    def test_note(self, make, now):
        boss, ann = make("Boss", role="moderator"), make("Ann")
        actions.write_note(boss, ann, "Was warned", now=now)
        assert StaffNote.objects.get().text == "Was warned"
        assert kinds()[-1] == "members.NoteWritten"


class TestDeletion:
    def test_blanks_everything_about_the_person(self, make, now):
        ann = make(
            "Ann", email="a@example.com", phone="+8613800138000", city="Bath", bio="Hi", password=PASSWORD, origin="x"
        )
        bob = make("Bob")
        actions.follow(bob, ann, now=now)
        actions.mute(ann, bob, now=now)
        UserSession.objects.create(user=ann, ip="1.1.1.1", session_key="a", user_agent="")
        actions.delete_account(ann, now=now)
        actions.delete_account(ann, now=now)
        row = Member.objects.get(pk=ann.pk)
        shown = str({name: value for name, value in row.__dict__.items() if not name.startswith("_")})
        for trace in ("Ann", "a@example.com", "138001", "Bath", "Hi"):
            assert trace not in shown
        assert not row.is_active and not row.has_usable_password()
        assert not Follow.objects.exists() and not Avoidance.objects.exists() and not UserSession.objects.exists()
        assert kinds().count("members.MemberDeleted") == 1
        assert queries.persons([ann.pk]) == {}
        assert queries.person(row) is None
        make("Ann", email="a@example.com")

    def test_last_administrator_stays(self, make, now):
        boss = make("Boss", role="administrator")
        with pytest.raises(Conflict):
            actions.delete_account(boss, now=now)
        make("Other", role="administrator")
        actions.delete_account(boss, now=now)


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


@pytest.mark.django_db(transaction=True)
def test_two_who_want_one_name(now):
    """The same handle, twice at once: one gets it, the other a sentence."""
    start, outcomes = threading.Barrier(2), []

    def come(handle):
        try:
            start.wait(10)
            actions.create_member(handle, now=now)
            outcomes.append("in")
        except Invalid:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(name,)) for name in ("Moon", "M00N")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "taken"]
