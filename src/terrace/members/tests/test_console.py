"""The desk: staff only, with a second factor; every act is in the log."""

import re

import pytest

from terrace.kernel import options
from terrace.kernel.models import EventRow
from terrace.members import actions
from terrace.members.models import Invitation, Member, StaffNote
from terrace.members.tests.conftest import PASSWORD, Browser, totp

pytestmark = pytest.mark.django_db

PAGES = ["/console/members/", "/console/invitations/", "/console/audit/"]


@pytest.mark.parametrize("page", PAGES)
def test_not_there_for_strangers_and_members(browser, member_browser, page):
    _member, mine = member_browser
    assert browser.get(page).status_code == 404
    assert mine.get(page).status_code == 404


def test_staff_without_second_factor_are_led_to_it(make, browser):
    make("Boss", email="boss@example.com", password=PASSWORD, role="administrator")
    assert browser.sign_in("boss@example.com").headers["Location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/console/members/").headers["Location"] == "/accounts/2fa/totp/activate/?next=/console/members/"
    secret = browser.prove()
    assert browser.get("/console/members/").status_code == 200
    assert browser.get("/accounts/2fa/totp/deactivate/").status_code == 200
    browser.post("/accounts/2fa/totp/deactivate/")
    again = Browser()
    assert again.sign_in("boss@example.com").headers["Location"] == "/accounts/2fa/authenticate/"
    used = again.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
    assert used.status_code == 200, "the code that set the app up is used"
    assert again.post("/accounts/2fa/authenticate/", {"code": totp(secret, 1)}).status_code == 302
    assert again.get("/console/members/").status_code == 200


def test_a_session_from_before_the_role_has_no_power(make, browser, now):
    ann, boss = make("Ann", email="ann@example.com", password=PASSWORD), make("Boss", role="administrator")
    browser.sign_in("ann@example.com")
    Member.objects.filter(pk=ann.pk).update(role="moderator")
    assert browser.get("/console/members/").status_code == 302
    assert browser.post(f"/console/members/{boss.pk}/suspend/", {"days": 1, "reason": "x"}).status_code == 302
    assert not EventRow.objects.filter(kind="members.MemberSuspended").exists()


@pytest.mark.parametrize(
    ("role", "members", "invitations", "audit"),
    [
        ("engineer", 404, 404, 404),
        ("moderator", 200, 404, 200),
        ("operator", 200, 200, 200),
        ("administrator", 200, 200, 200),
    ],
)
def test_who_sees_what(staff_browser, role, members, invitations, audit):
    _boss, browser = staff_browser(role)
    assert [browser.get(page).status_code for page in PAGES] == [members, invitations, audit]


def test_suspend_with_reason_then_end(staff_browser, make):
    boss, browser = staff_browser("moderator")
    ann = make("Ann", email="private@example.com")
    page = f"/console/members/{ann.pk}/"
    assert "private@example.com" not in browser.get(page).content.decode()
    assert browser.post(f"{page}suspend/", {"days": 3, "reason": ""}).status_code == 422
    assert browser.post(f"{page}suspend/", {"days": 4, "reason": "x"}).status_code == 422
    assert browser.post(f"{page}suspend/", {"days": 3, "reason": "刷屏"}).status_code == 302
    ann.refresh_from_db()
    assert ann.suspended_until is not None and ann.suspension_reason == "刷屏"
    assert "刷屏" in browser.get("/console/audit/").content.decode()
    assert browser.get("/console/members/?show=suspended").content.decode().count(">Ann<") == 1
    assert browser.post(f"{page}unsuspend/").status_code == 302
    ann.refresh_from_db()
    assert ann.suspended_until is None
    assert EventRow.objects.filter(actor_id=boss.pk, kind__startswith="members.").count() >= 2


def test_moderators_do_not_touch_staff_or_roles(staff_browser, make):
    _boss, browser = staff_browser("moderator")
    eng, ann = make("Eng", role="engineer"), make("Ann")
    assert browser.post(f"/console/members/{eng.pk}/suspend/", {"days": 3, "reason": "x"}).status_code == 403
    assert browser.post(f"/console/members/{ann.pk}/role/", {"role": "moderator"}).status_code == 404
    assert browser.post(f"/console/members/{ann.pk}/title/", {"title": "x"}).status_code == 404
    assert Member.objects.get(pk=ann.pk).role == "member"


def test_roles_titles_and_notes(staff_browser, make):
    boss, browser = staff_browser("administrator")
    ann = make("Ann", email="ann@example.com")
    page = f"/console/members/{ann.pk}/"
    assert "ann@example.com" in browser.get(page).content.decode()
    assert browser.post(f"{page}role/", {"role": "engineer", "team": "Camera"}).status_code == 302
    assert browser.post(f"{page}role/", {"role": "king"}).status_code == 422
    assert browser.post(f"{page}title/", {"title": "顾问"}).status_code == 302
    assert browser.post(f"{page}note/", {"text": "Helps a lot"}).status_code == 302
    row = Member.objects.get(pk=ann.pk)
    assert (row.role, row.team, row.title) == ("engineer", "Camera", "顾问")
    assert StaffNote.objects.get().author_id == boss.pk
    assert "Helps a lot" in browser.get(page).content.decode()
    assert browser.post(f"/console/members/{boss.pk}/role/", {"role": "member"}).status_code == 403
    assert browser.get("/console/members/999999/").status_code == 404


def test_invitations(staff_browser, browser, now, settings, gateway):
    settings.TERRACE_SMS = gateway
    _boss, desk = staff_browser("operator")
    made = desk.post("/console/invitations/new/", {"uses": 2, "days": 3, "role": "member"}, follow=True)
    assert made.redirect_chain == [("/console/invitations/", 302)], "reloading the page makes no second one"
    page = made.content.decode()
    code = re.search(r"invitation=([\w-]{22})", page)[1]
    assert code not in desk.get("/console/invitations/").content.decode()
    desk.post("/console/registration/", {"mode": "invitation", "phone": "on"})
    options.forget()
    assert options.get("members.registration") == "invitation" and options.get("members.phone_before_post") is True
    assert browser.get("/accounts/signup/").status_code == 403
    assert browser.get(f"/accounts/signup/?invitation={code}").status_code == 200
    assert desk.post("/console/invitations/new/", {"uses": 1, "days": 1, "role": "administrator"}).status_code == 403
    assert desk.post("/console/invitations/new/", {"uses": 0, "days": 1, "role": "member"}).status_code == 422
    desk.post(f"/console/invitations/{Invitation.objects.get().pk}/revoke/")
    assert browser.get(f"/accounts/signup/?invitation={code}").status_code == 403


def test_a_phone_is_asked_for_only_where_it_can_be_verified(staff_browser):
    _boss, desk = staff_browser("operator")
    refused = desk.post("/console/registration/", {"mode": "invitation", "phone": "on"})
    options.forget()
    assert refused.status_code == 422
    assert "TERRACE_SMS" in refused.content.decode()
    assert options.get("members.registration") == "open" and options.get("members.phone_before_post") is False


def test_search_finds_by_whole_address(staff_browser, make):
    _boss, browser = staff_browser("operator")
    make("Ann", email="ann@example.com"), make("Bob")
    page = browser.get("/console/members/?q=ann@example.com").content.decode()
    assert ">Ann<" in page and ">Bob<" not in page
    assert browser.get("/console/members/?show=x&after=x&q=%F0%9F%98%80").status_code == 200


def test_audit_filter(staff_browser, make, now):
    boss, browser = staff_browser("administrator")
    ann, bob = make("Ann"), make("Bob")
    actions.give_title(boss, ann, "One", now=now)
    actions.give_title(boss, bob, "Two", now=now)
    page = browser.get("/console/audit/?who=ann").content.decode()
    assert "One" in page and "Two" not in page
