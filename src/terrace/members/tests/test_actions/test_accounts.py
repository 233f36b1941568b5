"""Accounts: rows and events, each error, twice equals once."""

import threading
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connections

from terrace.kernel import clock, options
from terrace.kernel.errors import Conflict, Invalid, Refused
from terrace.kernel.models import EventRow
from terrace.kernel.words import skeleton
from terrace.members import actions, queries
from terrace.members.models import (
    Avoidance,
    Follow,
    FormerHandle,
    Member,
)
from terrace.members.tests.conftest import PASSWORD
from terrace.screening import actions as screening
from terrace.screening import policies as screening_policies

pytestmark = pytest.mark.django_db


def kinds():
    return list(EventRow.objects.order_by("pk").values_list("kind", flat=True))


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


class TestGrowth:
    def test_level_is_recorded_when_it_rises(self, make, now):
        ann = make("Ann")
        assert actions.set_growth(ann.pk, 25, now) == 2
        assert actions.set_growth(ann.pk, 25, now) == 2
        assert actions.set_growth(ann.pk, 10, now) == 1
        assert kinds().count("members.LevelReached") == 1
        assert Member.objects.get(pk=ann.pk).growth == 10


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


class TestWords:
    """A name and a profile cannot wait for a moderator: what screening would hold is refused."""

    @pytest.fixture(autouse=True)
    def _listed(self, db, now):
        screening.list_word("傻瓜机", kind="hold", now=clock.now(), by=None)
        screening.list_word("滚蛋", kind="block", now=clock.now(), by=None)
        screening_policies.forget_lists()
        yield
        screening_policies.forget_lists()

    @pytest.mark.parametrize("handle", ["傻瓜机", "傻·瓜机2", "滚蛋吧"])
    def test_a_handle(self, make, now, handle):
        member = make("林间", house=True)
        with pytest.raises(Invalid) as told:
            actions.change_handle(member, handle.replace("·", "-"), now=now)
        assert told.value.field == "handle"
        member.refresh_from_db()
        assert (member.handle, member.handle_changed_at) == ("林间", None), "nothing is lost, not even the month"
        with pytest.raises(Invalid):
            actions.create_member(handle.replace("·", "-"), password=PASSWORD, house=False, now=now)

    def test_a_profile(self, make, now):
        member = make("林间")
        for bio in ("我卖傻瓜机", "澳门新葡京 http://www.xpj88355.vip 真人荷官在线"):
            with pytest.raises(Invalid) as told:
                actions.edit_profile(member, city="杭州", bio=bio, language="", now=now)
            assert told.value.field == "bio"
        actions.edit_profile(member, city="杭州", bio="拍雾，拍田 https://example.com/me", language="", now=now)
        screening.list_word("拍田", kind="hold", now=clock.now(), by=None)
        screening_policies.forget_lists()
        actions.edit_profile(member, city="昆明", bio=member.bio, language="", now=now)
        assert member.city == "昆明", "what stood before the word was listed may stand when something else is changed"
