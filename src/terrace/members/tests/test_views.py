"""Pages, forms without script, strangers, and the classes of attack on accounts."""

import json
import re
import statistics
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from terrace.kernel import options
from terrace.kernel.models import EventRow
from terrace.kernel.tests.safety import active_nodes, shown_text
from terrace.members import actions, queries
from terrace.members.models import Follow, Member
from terrace.members.tests.conftest import PASSWORD, Browser, code_in, totp

pytestmark = pytest.mark.django_db

SETTINGS = ["", "profile/", "security/", "people/", "data/"]


def body(response):
    """The page without what differs at every request."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())
    return re.sub(r'name="csrf" content="[^"]*"', "", text)


class TestSignUp:
    def test_the_whole_way(self, browser, mailoutbox):
        assert browser.get("/accounts/signup/").status_code == 200
        response = browser.post("/accounts/signup/", {"contact": "ann@example.com", "next": "/people/"})
        assert response.headers["Location"] == "/accounts/signup/finish/"
        fields = {"code": code_in(mailoutbox[0].subject), "handle": "林小满", "password": PASSWORD}
        response = browser.post("/accounts/signup/finish/", {**fields, "handle": "x"})
        assert response.status_code == 422 and "2" in response.content.decode()
        response = browser.post("/accounts/signup/finish/", fields)
        assert (response.status_code, response.headers["Location"]) == (302, "/people/")
        member = Member.objects.get()
        assert member.handle == "林小满" and browser.get("/settings/").status_code == 200
        assert UserSession.objects.get().user_id == member.pk

    def test_another_browser_cannot_use_the_code(self, browser, mailoutbox):
        browser.post("/accounts/signup/", {"contact": "ann@example.com"})
        fields = {"code": code_in(mailoutbox[0].subject), "handle": "Ann", "password": PASSWORD}
        assert Browser().post("/accounts/signup/finish/", fields).headers["Location"] == "/accounts/signup/"
        assert not Member.objects.exists()

    def test_known_and_unknown_address_look_the_same(self, make, mailoutbox):
        make("Bob", email="bob@example.com")
        pages = []
        for contact in ("bob@example.com", "new@example.com"):
            here = Browser()
            first = here.post("/accounts/signup/", {"contact": contact})
            second = here.get("/accounts/signup/finish/")
            wrong = here.post("/accounts/signup/finish/", {"code": "0", "handle": "Zed", "password": PASSWORD})
            pages.append([(r.status_code, body(r).replace(contact, "")) for r in (first, second, wrong)])
        assert pages[0] == pages[1]
        assert len(mailoutbox) == 2

    def test_closed_and_by_invitation(self, browser, now):
        options.put("members.registration", "invitation", now)
        options.forget()
        assert browser.get("/accounts/signup/").status_code == 403
        assert browser.get("/accounts/signup/?invitation=nonsense").status_code == 403
        _row, code = actions.invite(None, uses=1, days=1, now=now.replace(year=2999))
        assert browser.get(f"/accounts/signup/?invitation={code}").status_code == 200

    def test_what_is_not_asked_is_not_taken(self, browser, mailoutbox):
        browser.post("/accounts/signup/", {"contact": "ann@example.com", "role": "administrator"})
        fields = {"code": code_in(mailoutbox[0].subject), "handle": "Ann", "password": PASSWORD}
        more = {"role": "administrator", "is_staff": "1", "growth": "9999", "level": "8", "id": "1", "__class__": "x"}
        browser.post("/accounts/signup/finish/", {**fields, **more})
        row = Member.objects.get()
        assert (row.role, row.growth, row.level) == ("member", 0, 1)


class TestSignIn:
    def test_by_mail_and_by_phone(self, make):
        make("Ann", email="ann@example.com", phone="+8613800138000", password=PASSWORD)
        for login in ("ANN@example.com", "138 0013 8000", "+8613800138000"):
            here = Browser()
            assert here.sign_in(login).status_code == 302
            assert here.get("/settings/").status_code == 200

    def test_by_code(self, make, browser, mailoutbox):
        make("Ann", email="ann@example.com")
        browser.post("/accounts/login/code/", {"contact": "ann@example.com", "next": "/people/"})
        code = code_in(mailoutbox[0].subject)
        assert browser.post("/accounts/login/code/finish/", {"code": "x"}).status_code == 422
        response = browser.post("/accounts/login/code/finish/", {"code": f" {code[:3]} {code[3:]} "})
        assert response.headers["Location"] == "/people/"
        assert browser.get("/settings/").status_code == 200

    def test_unknown_unclaimed_and_wrong_look_the_same(self, make, now):
        make("Ann", email="ann@example.com", password=PASSWORD)
        actions.create_unclaimed("x:1", "ghost", now=now)
        pages = []
        for login in ("ann@example.com", "nobody@example.com"):
            response = Browser().sign_in(login, "wrong-password")
            pages.append((response.status_code, body(response).replace(login, "")))
        assert pages[0] == pages[1]

    @pytest.mark.slow
    def test_unknown_takes_as_long_as_wrong(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        times = {"ann@example.com": [], "nobody@example.com": []}
        for i in range(14):
            for login, spent in times.items():
                here = Browser(REMOTE_ADDR=f"10.0.{i}.1")
                start = time.perf_counter()
                here.sign_in(login, "wrong-password")
                spent.append(time.perf_counter() - start)
        known, unknown = (statistics.median(spent) for spent in times.values())
        assert abs(known - unknown) < 0.05

    def test_throttled_per_account_and_caller(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        attacker = Browser(REMOTE_ADDR="10.0.0.1")
        for _try in range(8):
            attacker.sign_in("ann@example.com", "wrong-password")
        blocked = attacker.sign_in("ann@example.com")
        assert blocked.status_code == 200 and not attacker.session.get("_auth_user_id")
        assert Browser(REMOTE_ADDR="10.0.0.2").sign_in("ann@example.com").status_code == 302

    def test_throttled_per_caller(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        attacker = Browser(REMOTE_ADDR="10.0.0.1")
        for i in range(20):
            attacker.sign_in(f"guess{i}@example.com", "wrong-password")
        attacker.sign_in("ann@example.com")
        assert not attacker.session.get("_auth_user_id")

    @pytest.mark.parametrize(
        "address",
        [
            "//evil.example",
            "https://evil.example/",
            "https:evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://testserver@evil.example/",
            "/%0d%0aLocation:https://evil.example",
            "javascript:alert(1)",
            "https://evil。example",
        ],
    )
    def test_next_stays_on_this_site(self, make, address, settings, mailoutbox):
        make("Ann", email="ann@example.com", password=PASSWORD)
        settings.TERRACE_DEMO = True
        here = Browser()
        ways = [
            here.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD, "next": address}),
            here.get(f"/accounts/login/?next={address}"),
            here.post("/accounts/logout/", {"next": address}),
            Browser().post("/demo/sign-in/Ann/", {"next": address}),
        ]
        signed_in = Browser()
        signed_in.sign_in("ann@example.com")
        ways.append(signed_in.post("/u/Ann/release/", {"next": address}))
        for response in ways:
            place = response.headers.get("Location", "/")
            assert place.startswith("/") and not place.startswith(("//", "/\\")) and "\n" not in place

    def test_sign_out_is_a_post(self, member_browser):
        _member, browser = member_browser
        assert browser.get("/accounts/logout/").status_code == 200
        assert browser.get("/settings/").status_code == 200
        browser.post("/accounts/logout/")
        assert browser.get("/settings/").status_code == 302

    def test_deleted_and_unclaimed_cannot(self, make, now):
        ann = make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        actions.delete_account(ann, now=now)
        assert here.get("/settings/").status_code == 302
        assert Browser().sign_in("ann@example.com").status_code == 200

    def test_a_suspended_member_reads_why(self, make, now):
        from datetime import timedelta

        from terrace.kernel import clock

        ann, boss = make("Ann", email="ann@example.com", password=PASSWORD), make("Boss", role="moderator")
        here = clock.now()
        actions.suspend(boss, ann, reason="刷屏三次", until=here + timedelta(days=2), now=here)
        browser = Browser()
        assert browser.sign_in("ann@example.com").headers["Location"] == "/suspended/"
        assert "刷屏三次" in browser.get("/suspended/").content.decode()
        assert browser.get("/people/").status_code == 200


class TestReset:
    def test_the_whole_way(self, make, browser, mailoutbox):
        ann = make("Ann", email="ann@example.com", password=PASSWORD)
        elsewhere = Browser()
        elsewhere.sign_in("ann@example.com")
        assert browser.get("/accounts/password/reset/").status_code == 200
        browser.post("/accounts/password/reset/", {"contact": "ann@example.com"})
        code = code_in(mailoutbox[0].subject)
        assert browser.get("/accounts/password/reset/finish/").status_code == 200
        weak = browser.post("/accounts/password/reset/finish/", {"code": code, "password": "password"})
        assert weak.status_code == 422
        done = browser.post("/accounts/password/reset/finish/", {"code": code, "password": "kettle-banana-7"})
        assert done.headers["Location"] == "/accounts/login/"
        assert not browser.session.get("_auth_user_id")
        assert elsewhere.get("/settings/").status_code == 302
        ann.refresh_from_db()
        assert ann.check_password("kettle-banana-7")

    def test_known_and_unknown_look_the_same(self, make, mailoutbox):
        make("Ann", email="ann@example.com", password=PASSWORD)
        pages = []
        for contact in ("ann@example.com", "nobody@example.com"):
            here = Browser()
            first = here.post("/accounts/password/reset/", {"contact": contact})
            second = here.get("/accounts/password/reset/finish/")
            wrong = here.post("/accounts/password/reset/finish/", {"code": "0", "password": "kettle-banana-7"})
            pages.append([(r.status_code, body(r).replace(contact, "")) for r in (first, second, wrong)])
        assert pages[0] == pages[1] and len(mailoutbox) == 2


class TestSettings:
    @pytest.mark.parametrize("page", SETTINGS)
    def test_pages(self, member_browser, page):
        _member, browser = member_browser
        assert browser.get(f"/settings/{page}").status_code == 200

    @pytest.mark.parametrize("page", SETTINGS)
    def test_a_stranger_signs_in_first(self, browser, page):
        assert browser.get(f"/settings/{page}").headers["Location"] == f"/accounts/login/?next=/settings/{page}"

    def test_handle(self, member_browser):
        member, browser = member_browser
        assert browser.post("/settings/handle/", {"handle": "admin"}).status_code == 422
        assert browser.post("/settings/handle/", {"handle": "Linda"}).status_code == 302
        member.refresh_from_db()
        assert member.handle == "Linda"
        assert browser.get("/u/Lin/").headers["Location"] == "/u/Linda/"
        assert browser.post("/settings/handle/", {"handle": "Linus"}).status_code == 403

    def test_password_needs_the_present_one_and_keeps_this_browser(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        here, elsewhere = Browser(), Browser()
        here.sign_in("ann@example.com"), elsewhere.sign_in("ann@example.com")
        bad = here.post("/settings/password/", {"current": "wrong", "password": "kettle-banana-7"})
        assert bad.status_code == 422
        assert here.post("/settings/password/", {"current": PASSWORD, "password": "kettle-banana-7"}).status_code == 302
        assert here.get("/settings/").status_code == 200
        assert elsewhere.get("/settings/").status_code == 302
        assert UserSession.objects.count() == 1

    def test_new_address(self, make, mailoutbox):
        ann = make("Ann", email="ann@example.com", password=PASSWORD)
        here, elsewhere = Browser(), Browser()
        here.sign_in("ann@example.com"), elsewhere.sign_in("ann@example.com")
        assert (
            here.post("/settings/contact/", {"contact": "new@example.com"}).headers["Location"]
            == "/settings/contact/finish/"
        )
        code = code_in(mailoutbox[0].subject)
        assert here.get("/settings/contact/finish/").status_code == 200
        assert here.post("/settings/contact/finish/", {"code": "1"}).status_code == 422
        assert here.post("/settings/contact/finish/", {"code": code}).status_code == 302
        ann.refresh_from_db()
        assert ann.email == "new@example.com"
        assert here.get("/settings/").status_code == 200 and elsewhere.get("/settings/").status_code == 302

    def test_sensitive_acts_ask_who_it_is_after_a_while(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        session = here.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
        session.save()
        for address in (
            "/settings/contact/",
            "/settings/data/export/",
            "/settings/data/delete/",
            "/settings/contact/email/remove/",
        ):
            response = here.post(address, {"contact": "new@example.com", "handle": "Ann"})
            assert response.headers["Location"].startswith("/accounts/reauthenticate/")
        assert here.get("/accounts/reauthenticate/").status_code == 200
        again = here.post("/accounts/reauthenticate/?next=/settings/", {"password": PASSWORD})
        assert again.status_code == 302
        assert here.post("/settings/data/export/").status_code == 200

    def test_profile(self, member_browser):
        member, browser = member_browser
        fields = {"city": "Bath", "bio": "Hello", "language": "en"}
        assert browser.post("/settings/profile/", {**fields, "role": "administrator", "growth": 5}).status_code == 302
        member.refresh_from_db()
        assert (member.city, member.bio, member.language, member.role, member.growth) == (
            "Bath",
            "Hello",
            "en",
            "member",
            0,
        )
        assert browser.post("/settings/profile/", {**fields, "bio": "x" * 301}).status_code == 422
        assert browser.post("/settings/profile/", {**fields, "language": "fr"}).status_code == 422

    def test_sessions(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        bob = make("Bob", email="bob@example.com", password=PASSWORD)
        here, elsewhere, third, other = Browser(), Browser(), Browser(), Browser()
        for each in (here, elsewhere, third):
            each.sign_in("ann@example.com")
        other.sign_in("bob@example.com")
        theirs = UserSession.objects.get(user=bob)
        assert here.post(f"/settings/security/sessions/{theirs.pk}/end/").status_code == 404
        one = UserSession.objects.get(session_key=elsewhere.session.session_key)
        assert here.post(f"/settings/security/sessions/{one.pk}/end/").status_code == 302
        assert elsewhere.get("/settings/").status_code == 302
        here.post("/settings/security/sessions/end/")
        assert third.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == other.get("/settings/").status_code == 200

    def test_export(self, member_browser):
        member, browser = member_browser
        session = browser.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(member.pk)
        session.save()
        response = browser.post("/settings/data/export/")
        assert "attachment" in response.headers["Content-Disposition"]
        assert json.loads(response.content)["members"]["email"] == "lin@example.com"

    def test_delete_wants_the_handle(self, make):
        ann = make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        assert here.post("/settings/data/delete/", {"handle": "Bob"}).status_code == 422
        assert here.post("/settings/data/delete/", {"handle": "Ann"}).status_code == 302
        ann.refresh_from_db()
        assert ann.deleted_at is not None and here.get("/settings/").status_code == 302
        assert here.get("/u/Ann/").status_code == 404


class TestSecondFactor:
    def test_sign_in_asks_for_it_and_a_code_is_good_once(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        secret = here.prove()
        row = Authenticator.objects.get(type="totp")
        assert secret not in json.dumps(row.data)
        shown = here.get("/accounts/2fa/recovery-codes/").content.decode()
        codes = re.findall(r"<code>(\d{8})</code>", shown)
        assert len(codes) == 10
        assert not re.findall(r"<code>\d{8}</code>", here.get("/accounts/2fa/recovery-codes/").content.decode())
        again = Browser()
        assert again.sign_in("ann@example.com").headers["Location"] == "/accounts/2fa/authenticate/"
        assert again.get("/settings/").status_code == 302
        assert again.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        code = totp(secret)
        assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        assert again.get("/settings/").status_code == 200
        third = Browser()
        third.sign_in("ann@example.com")
        assert third.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
        assert third.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
        fourth = Browser()
        fourth.sign_in("ann@example.com")
        assert fourth.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200

    def test_a_code_by_mail_is_no_way_around_it(self, make, mailoutbox):
        make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        here.prove()
        mailoutbox.clear()
        other = Browser()
        other.post("/accounts/login/code/", {"contact": "ann@example.com"})
        response = other.post("/accounts/login/code/finish/", {"code": code_in(mailoutbox[0].subject)})
        assert response.headers["Location"] == "/accounts/2fa/authenticate/"

    def test_member_may_turn_it_off_and_is_told(self, make, mailoutbox):
        make("Ann", email="ann@example.com", password=PASSWORD)
        here = Browser()
        here.sign_in("ann@example.com")
        here.prove()
        assert len(mailoutbox) == 1
        assert here.get("/accounts/2fa/totp/deactivate/").status_code == 200
        assert here.post("/accounts/2fa/totp/deactivate/").status_code == 302
        assert not Authenticator.objects.exists() and len(mailoutbox) == 2


class TestProfile:
    def test_page(self, make, browser, now):
        ann = make("林小满", bio="喜欢拆东西", city="杭州", growth=640)
        page = browser.get("/u/林小满/")
        text = page.content.decode()
        assert page.status_code == 200 and "喜欢拆东西" in text and "杭州" in text
        assert f"member:{ann.pk}" in page.headers["Terrace-Tags"]
        assert "csrf" not in text.lower()

    def test_one_address_each(self, make, browser):
        make("Ann")
        assert browser.get("/u/ANN/").headers["Location"] == "/u/Ann/"
        for gone in ("/u/nobody/", "/u/-1/", f"/u/{'x' * 300}/"):
            assert browser.get(gone).status_code == 404

    def test_follow_as_page_and_as_fragment(self, make, member_browser, browser):
        member, mine = member_browser
        make("Bob")
        assert browser.post("/u/Bob/follow/").status_code == 401
        assert mine.get("/u/Bob/follow/").status_code == 405
        assert mine.post("/u/Bob/follow/", {"on": "1"}).headers["Location"] == "/u/Bob/"
        assert Follow.objects.count() == 1
        fragment = mine.post("/u/Bob/follow/", {"on": "0"}, headers={"HX-Request": "true"})
        assert fragment.content.decode().strip().startswith('<div class="do" id="relation"')
        assert Follow.objects.count() == 0
        assert mine.post("/u/Lin/follow/").status_code == 403
        for act in ("mute", "block", "release"):
            assert mine.post(f"/u/Bob/{act}/").status_code == 302
        assert queries.relation(member.pk, queries.by_handle("Bob").pk) == queries.Relation()

    def test_member_list(self, make, browser):
        make("Ann", growth=5), make("Bob", growth=100)
        assert browser.get("/people/?order=growth").content.decode().index("Bob") < browser.get(
            "/people/?order=growth"
        ).content.decode().index(">Ann<")
        assert "Bob" not in shown_text(browser.get("/people/?q=ann").content.decode(), "main")
        assert browser.get("/people/?q=%00&after=zzz&order=x").status_code == 200

    def test_nothing_that_a_member_types_acts(self, make, browser, test_data):
        ann = make("Ann")
        lines = test_data("xss_vectors.jsonl").read_text("utf-8").strip("\n").split("\n")
        payloads = [json.loads(line)["payload"][:300] for line in lines]
        payloads += [
            json.loads(line)["s"][:300]
            for line in test_data("naughty_strings.jsonl").read_text("utf-8").strip("\n").split("\n")
        ]
        payloads = [text for text in payloads if "\x00" not in text]
        from terrace.kernel import clock

        for text in payloads[:: max(1, len(payloads) // 60)]:
            actions.edit_profile(ann, city=text, bio=text, language="", now=clock.now())
            page = browser.get("/u/Ann/").content.decode()
            assert active_nodes(page, ".bio") == []
            assert shown_text(page, ".bio").split() == ann.bio.split()
            assert active_nodes(page, ".who .label") == []


class TestDemo:
    def test_one_click(self, make, browser, settings):
        make("Boss", role="administrator")
        assert browser.post("/demo/sign-in/Boss/").status_code == 404
        settings.TERRACE_DEMO = True
        assert browser.get("/demo/sign-in/Boss/").status_code == 405
        assert browser.post("/demo/sign-in/Boss/").status_code == 302
        assert browser.get("/console/members/").status_code == 200
        assert browser.post("/demo/sign-in/nobody/").status_code == 404


def _posts():
    """Every address of this room that changes something, with made-up arguments."""
    found = []
    for pattern in get_resolver("terrace.members.urls").url_patterns:
        address = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "Ann", str(pattern.pattern)))
        found.append(address)
    return found


@pytest.mark.parametrize("address", _posts())
def test_no_form_works_without_its_token(make, address, settings):
    ann = make("Ann", email="ann@example.com", password=PASSWORD, role="administrator")
    settings.TERRACE_DEMO = True
    here = Client(enforce_csrf_checks=True)
    here.force_login(ann)
    before = EventRow.objects.count()
    assert here.post(address, {"contact": "x@example.com"}).status_code == 403
    assert EventRow.objects.count() == before


@pytest.mark.parametrize("address", _posts())
def test_reading_changes_nothing(make, address):
    ann = make("Ann", email="ann@example.com", password=PASSWORD)
    make("Bob")
    here = Browser()
    here.force_login(ann)
    here.get("/settings/")
    before = (list(Member.objects.values()), EventRow.objects.count(), Follow.objects.count())
    response = here.get(address)
    assert response.status_code in {200, 302, 404, 405}
    assert (list(Member.objects.values()), EventRow.objects.count(), Follow.objects.count()) == before


def test_nothing_here_is_left_to_chance():
    from pathlib import Path

    import terrace.members as room

    for file in Path(room.__file__).parent.rglob("*.py"):
        if "tests" not in file.parts:
            assert not re.search(r"\bimport random\b|\brandom\.|uuid1|get_random_string", file.read_text("utf-8")), file


def test_settings_keep_cookies_close():
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_SAMESITE == "Lax"
