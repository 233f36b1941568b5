"""The doors: known and unknown look the same, and `next` stays on this site."""

import re

import pytest
from allauth.usersessions.models import UserSession

from terrace.kernel import clock, options
from terrace.kernel.passwords import Argon2
from terrace.members import actions, queries
from terrace.members.models import Code, Invitation, Member
from terrace.members.tests.conftest import PASSWORD, Browser, code_in

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

    def test_the_page_says_what_an_invitation_is_for_and_when_it_is_spent(self, browser):
        row, code = actions.invite(None, uses=1, days=3, role="operator", email="mod@example.com", now=clock.now())
        page = browser.get(f"/accounts/signup/?invitation={code}").content.decode()
        assert "邀请你来帮忙" in page and "mod@example.com" in page
        Invitation.objects.filter(pk=row.pk).update(uses_left=0)
        page = browser.get(f"/accounts/signup/?invitation={code}").content.decode()
        assert "已经用完或过期" in page
        assert 'name="invitation"' not in page, "sign-up goes on without it"

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

    def test_unknown_costs_as_many_hashes_as_wrong(self, make, monkeypatch):
        """Nearly all the time of a sign-in goes into one Argon2 hash; without it an unknown name would answer at once."""
        make("Ann", email="ann@example.com", password=PASSWORD)
        hashed = []
        for act in ("encode", "verify"):
            real = getattr(Argon2, act)

            def counted(self, *args, real=real):
                hashed.append(login)
                return real(self, *args)

            monkeypatch.setattr(Argon2, act, counted)
        for login in ("ann@example.com", "nobody@example.com"):
            Browser().sign_in(login, "wrong-password")
        assert hashed.count("ann@example.com") == hashed.count("nobody@example.com") == 1

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
        options.put("members.demo", [queries.by_handle("Ann").pk], clock.now())
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


class TestDemo:
    def test_one_click(self, make, browser, settings):
        boss = make("Boss", role="administrator")
        options.put("members.demo", [boss.pk], clock.now())
        options.forget()
        assert browser.post("/demo/sign-in/Boss/").status_code == 404
        settings.TERRACE_DEMO = True
        assert browser.get("/demo/sign-in/Boss/").status_code == 405
        assert browser.post("/demo/sign-in/Boss/").status_code == 302
        assert browser.get("/console/members/").status_code == 200
        assert browser.post("/demo/sign-in/nobody/").status_code == 404

    @pytest.mark.parametrize("made", [None, []], ids=["a community of its own", "a member who joined the demo"])
    def test_nobody_becomes_whom_the_demo_did_not_make(self, make, browser, settings, made):
        make("Boss", role="administrator")
        if made is not None:
            options.put("members.demo", made, clock.now())
            options.forget()
        settings.TERRACE_DEMO = True
        assert browser.post("/demo/sign-in/Boss/").status_code == 404
        assert not browser.session.get("_auth_user_id")


ASKING = ["/accounts/signup/", "/accounts/password/reset/", "/accounts/login/code/", "/settings/"]


class TestChannels:
    """What nobody carries away is not offered, and nobody is told that it was sent."""

    @pytest.fixture(autouse=True)
    def _silent(self, settings):
        settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"

    @pytest.mark.parametrize("address", ASKING)
    def test_nothing_set_up(self, make, browser, address):
        if address == "/settings/":
            browser.force_login(make("Ann", email="ann@example.com"))
        page = browser.get(address, headers={"accept-language": "en"}).content.decode()
        assert "TERRACE_MAIL_URL" in page
        assert 'name="contact"' not in page

    @pytest.mark.parametrize("address", ASKING[:3])
    def test_a_form_sent_all_the_same(self, make, browser, address):
        make("Ann", email="ann@example.com")
        answer = browser.post(address, {"contact": "ann@example.com"})
        assert answer.status_code == 422
        assert not Code.objects.exists()

    @pytest.mark.parametrize("address", ASKING[:3])
    def test_text_messages_alone(self, browser, settings, address, gateway):
        settings.TERRACE_SMS = gateway
        page = browser.get(address, headers={"accept-language": "en"}).content.decode()
        assert ">Phone<" in page and "Phone or e-mail" not in page
        answer = browser.post(address, {"contact": "ann@example.com"}, headers={"accept-language": "en"})
        assert answer.status_code == 422 and "Type a mobile number" in answer.content.decode()

    @pytest.mark.parametrize("half", [{"backend": "aliyn"}, {"templates": {}}, {"sign_name": ""}])
    def test_a_gateway_that_cannot_send_is_no_channel(self, browser, settings, gateway, half):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        settings.TERRACE_SMS = gateway | half
        for demo in (False, True):
            settings.TERRACE_DEMO = demo
            page = browser.get("/accounts/signup/", headers={"accept-language": "en"}).content.decode()
            assert ">E-mail<" in page and "Phone or e-mail" not in page
            assert browser.post("/accounts/signup/", {"contact": "138 0013 8000"}).status_code == 422

    def test_mail_alone(self, browser, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        page = browser.get("/accounts/signup/", headers={"accept-language": "en"}).content.decode()
        assert ">E-mail<" in page and "Phone or e-mail" not in page
        assert browser.post("/accounts/signup/", {"contact": "138 0013 8000"}).status_code == 422
        assert browser.post("/accounts/signup/", {"contact": "ann@example.com"}).status_code == 302

    def test_the_demo_has_an_outbox_for_both(self, browser, settings):
        settings.TERRACE_DEMO = True
        assert "Phone or e-mail" in browser.get("/accounts/signup/", headers={"accept-language": "en"}).content.decode()
        assert browser.post("/accounts/signup/", {"contact": "138 0013 8000"}).status_code == 302
