"""Who sees what, and at what price."""

from datetime import timedelta

import pytest
from django.utils import translation

from terrace.kernel import slots
from terrace.kernel.errors import Missing
from terrace.kernel.words import skeleton
from terrace.members import actions, queries
from terrace.members.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_person_says_what_stands_beside_a_name(make):
    ann = make("Ann", growth=640, city="Bath")
    who = queries.person(ann)
    assert (who.id, who.handle, who.level, who.progress, who.url) == (ann.pk, "Ann", 5, 20, "/u/Ann/")
    assert who.avatar_url == f"/avatar/{ann.pk}.svg"
    assert not who.is_staff_role and not who.suspended
    with translation.override("zh-hans"):
        assert who.level_title == "抽穗" and who.role_label == "成员"
    with translation.override("en"):
        assert who.level_title == "Ear"


def test_a_title_given_by_hand_stands_before_the_level(make, now):
    ann, boss = make("Ann"), make("Boss", role="operator")
    actions.give_title(boss, ann, "顾问", now=now)
    assert queries.person(ann).level_title == "顾问"


def test_persons_take_one_query(make, now, django_assert_num_queries):
    ids = [make(name).pk for name in ("Ann", "Bob", "Cid")]
    gone = make("Dot")
    actions.delete_account(gone, now=now)
    with django_assert_num_queries(1):
        found = queries.persons([*ids, None, gone.pk, 10**9, ids[0]])
        assert [found[each].url for each in ids] == ["/u/Ann/", "/u/Bob/", "/u/Cid/"]
    assert set(found) == set(ids)
    with django_assert_num_queries(0):
        assert queries.persons([]) == {}


def test_by_handles_takes_one_query(make, django_assert_num_queries):
    make("林小满"), make("Tom_W")
    wanted = [skeleton("林小滿"), skeleton("TOM-W"), "nobody", ""]
    with django_assert_num_queries(1):
        found = queries.by_handles(wanted)
    assert {who.handle for who in found.values()} == {"林小满", "Tom_W"}


def test_by_handle_reads_any_way_of_writing(make):
    ann = make("小米Ann")
    for typed in ("小米Ann", "小米ANN", "小米ａｎｎ"):
        assert queries.by_handle(typed).pk == ann.pk
    for typed in ("nobody", "", "x" * 500):
        with pytest.raises(Missing):
            queries.by_handle(typed)


def test_by_contact_finds_only_verified_addresses(make, now):
    from terrace.members.models import Member

    ann = make("Ann", email="ann@example.com", phone="+8613800138000")
    assert queries.by_contact("email", "ANN@example.com").pk == ann.pk
    assert queries.by_contact("phone", "+8613800138000").pk == ann.pk
    assert queries.by_contact("email", "") is None
    Member.objects.filter(pk=ann.pk).update(phone_verified_at=None)
    assert queries.by_contact("phone", "+8613800138000") is None


def test_search(make, now):
    make("林小满"), make("Tom_W")
    actions.create_unclaimed("x:1", "小满二号", now=now)
    names = lambda text: set(queries.search(text).values_list("handle", flat=True))  # noqa: E731
    assert names("小满") == {"林小满", "小满二号"}
    assert names("tom") == {"Tom_W"}
    assert names("T0M") == {"Tom_W"}
    assert names("%") == names("") == set()


def test_member_page_is_keyset(db, now, django_assert_num_queries):
    for i in range(35):
        member = actions.create_member(f"m{i:02}a", growth=i % 5, joined_at=now + timedelta(minutes=i), now=now)
    for order in ("new", "growth"):
        seen, cursor = [], ""
        for _page in range(3):
            with django_assert_num_queries(1):
                page = queries.member_page(order, "", cursor)
            seen += [each.id for each in page.people]
            cursor = page.older
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 35
    assert queries.member_page("new", "", "").people[0].id == member.pk
    assert queries.member_page("new", "", "rubbish").people
    actions.create_unclaimed("x:1", "ghost", now=now)
    assert "ghost" not in {each.handle for each in queries.member_page("new", "", "").people}


def test_circles(make, now, django_assert_num_queries):
    ann, bob, cid, dot = (make(name) for name in ("Ann", "Bob", "Cid", "Dot"))
    actions.follow(ann, bob, now=now)
    actions.follow(bob, ann, now=now)
    actions.mute(ann, cid, now=now)
    actions.block(ann, dot, now=now)
    with django_assert_num_queries(4):
        circles = queries.circles(ann.pk)
    assert [who.handle for who in circles.following] == ["Bob"] and circles.friends == {bob.pk}
    assert [who.handle for who in circles.muted] == ["Cid"]
    assert [who.handle for who in circles.blocked] == ["Dot"]
    assert queries.relation(dot.pk, ann.pk).blocked_by
    assert queries.friend_ids(ann.pk) == {bob.pk}
    assert queries.avoiding(dot.pk) == {ann.pk}
    assert (queries.blockers(dot.pk), queries.blockers(cid.pk)) == ({ann.pk}, set())


def test_export_holds_what_we_know(make, now):
    ann = make("Ann", email="ann@example.com", city="Bath")
    actions.follow(ann, make("Bob"), now=now)
    data = queries.export_of(ann)["members"]
    assert (data["email"], data["city"], data["following"]) == ("ann@example.com", "Bath", ["Bob"])


def test_export_holds_where_one_signed_in(make, browser):
    ann = make("Ann", email="ann@example.com", password=PASSWORD)
    browser.post(
        "/accounts/login/", {"login": "ann@example.com", "password": PASSWORD}, headers={"user-agent": "Firefox"}
    )
    (mine,) = queries.export_of(ann)["members"]["sign_ins"]
    assert (mine["ip"], mine["user_agent"]) == ("127.0.0.1", "Firefox")
    assert {*mine} == {"created_at", "last_seen_at", "ip", "user_agent"}, "and not the key that opens the session"


def test_a_room_may_hold_a_member_back(make, monkeypatch):
    ann = make("Ann")
    assert queries.why_not_leave(ann) == []
    monkeypatch.setitem(slots._fillers, "members.may_leave", [lambda member_id: f"{member_id} owes a deposit"])
    assert queries.why_not_leave(ann) == [f"{ann.pk} owes a deposit"]


def test_audit_shows_acts_of_staff_only(make, now, django_assert_max_num_queries):
    boss, ann = make("Boss", role="administrator"), make("Ann")
    actions.follow(boss, ann, now=now)
    actions.suspend(boss, ann, reason="刷屏", until=now + timedelta(days=1), now=now)
    actions.unsuspend(boss, ann, now=now)
    with django_assert_max_num_queries(3):
        page = queries.audit_page()
    assert [act.kind for act in page.rows] == ["members.SuspensionLifted", "members.MemberSuspended"]
    act = page.rows[1]
    assert (act.actor.handle, act.about.handle) == ("Boss", "Ann") and "刷屏" in act.sentence
    assert len(queries.audit_page(who="ann").rows) == 2
    assert queries.audit_page(who="nobody").rows == []
    assert len(queries.audit_page(about=f"member:{ann.pk}").rows) == 2


def test_who_is_shut_out(make, now):
    boss, ann = make("Boss", role="administrator"), make("Ann")
    assert not queries.is_shut_out(ann.pk, now)
    actions.suspend(boss, ann, reason="刷屏", until=now + timedelta(days=1), now=now)
    assert queries.is_shut_out(ann.pk, now)
    assert not queries.is_shut_out(ann.pk, now + timedelta(days=1))
    actions.delete_account(ann, now=now)
    assert queries.is_shut_out(ann.pk, now + timedelta(days=2))


def test_console_list(make, now):
    ann, boss = make("Ann", email="ann@example.com"), make("Boss", role="operator")
    assert [row.person.id for row in queries.console_members("", "all", None).rows] == [boss.pk, ann.pk]
    assert [row.person.id for row in queries.console_members("ANN@example.com", "all", None).rows] == [ann.pk]
    assert [row.person.id for row in queries.console_members("", "staff", None).rows] == [boss.pk]
    assert queries.console_members("", "suspended", None).rows == []
    assert [row.person.id for row in queries.console_members("", "all", boss.pk).rows] == [ann.pk]
