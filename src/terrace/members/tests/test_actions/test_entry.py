"""The way in: codes, addresses, passwords, sessions."""

import hashlib
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession

from terrace.kernel import options
from terrace.kernel.errors import Conflict, Invalid, Missing, Refused, TooMany
from terrace.kernel.models import EventRow, OutboxMessage
from terrace.members import actions
from terrace.members.models import (
    Code,
    ContactChange,
    Member,
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

    def test_by_phone(self, now_sent, now, settings):
        settings.TERRACE_DEMO = True  # where text messages arrive in the outbox
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

    def test_an_invitation_that_was_written_to_somebody_is_theirs(self, now_sent, now, make, mailoutbox):
        row, code = actions.invite(None, uses=1, days=3, role="operator", email="Mod@example.com", now=now)
        with pytest.raises(Invalid):
            self.ask(now_sent, now, "stranger@example.com", invitation=code)
        plain = self.ask(now_sent, now, "stranger@example.com")
        with pytest.raises(Invalid):
            self.join(plain, code_in(mailoutbox[-1].subject), now, invitation=code)
        row.refresh_from_db()
        assert row.uses_left == 1
        ticket = self.ask(now_sent, now, "mod@example.com", invitation=code)
        assert self.join(ticket, code_in(mailoutbox[-1].subject), now, invitation=code, handle="Mod").role == "operator"
        with pytest.raises(Refused):
            self.ask(now_sent, now, "third@example.com", invitation=code)  # used up, while sign-up is open

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
