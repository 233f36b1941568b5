"""A member's own settings, and the second factor."""

import io
import json
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel import clock
from terrace.members import queries
from terrace.members.models import Member
from terrace.members.tests.conftest import PASSWORD, Browser, code_in, totp

pytestmark = pytest.mark.django_db

SETTINGS = ["", "profile/", "security/", "people/", "data/"]


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

    def test_picture(self, member_browser):
        member, browser = member_browser
        wide = io.BytesIO()
        Image.new("RGB", (300, 200), "green").save(wide, "PNG")
        page = "/settings/profile/picture/"
        assert browser.post(page).status_code == 422
        bad = SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", content_type="image/png")
        assert browser.post(page, {"picture": bad}).status_code == 415
        good = SimpleUploadedFile("me.png", wide.getvalue(), content_type="image/png")
        assert browser.post(page, {"picture": good}).status_code == 302
        member.refresh_from_db()
        assert queries.person(member).avatar_url == f"/media/{member.avatar_key}/128.webp"
        assert browser.post(page, {"remove": "1"}).status_code == 302
        member.refresh_from_db()
        assert (member.avatar_id, queries.person(member).avatar_url) == (None, f"/avatar/{member.pk}.svg")

    def test_suspended_members_edit_nothing(self, member_browser):
        member, browser = member_browser
        Member.objects.filter(pk=member.pk).update(
            suspended_until=clock.now() + timedelta(days=1), suspension_reason="x"
        )
        assert browser.post("/settings/profile/", {"bio": "Hi", "city": "", "language": "en"}).status_code == 403
        assert browser.post("/settings/handle/", {"handle": "Linda"}).status_code == 403
        assert browser.post("/settings/profile/picture/", {"picture": ""}).status_code == 422
        assert browser.get("/settings/").status_code == 200
        member.refresh_from_db()
        assert (member.handle, member.bio) == ("Lin", "")

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
        assert again.post("/accounts/2fa/authenticate/", {"code": totp(secret)}).status_code == 200, "used to set it up"
        code = totp(secret, 1)
        assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        assert again.get("/settings/").status_code == 200
        third = Browser()
        third.sign_in("ann@example.com")
        assert third.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
        assert third.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
        fourth = Browser()
        fourth.sign_in("ann@example.com")
        assert fourth.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200

    def test_who_has_no_code_can_go_back_and_sign_in_as_somebody_else(self, make):
        make("Ann", email="ann@example.com", password=PASSWORD)
        make("Bob", email="bob@example.com", password=PASSWORD)
        first = Browser()
        first.sign_in("ann@example.com")
        first.prove()
        here = Browser()
        here.sign_in("ann@example.com")
        assert here.get("/accounts/login/").headers["Location"] == "/accounts/2fa/authenticate/"
        back = HTMLParser(here.get("/accounts/2fa/authenticate/").content.decode()).css("main form")[1]
        typed = {each.attributes["name"]: each.attributes["value"] for each in back.css("input")}
        answer = here.post(back.attributes["action"], typed)
        assert (back.attributes["method"], answer.headers["Location"]) == ("post", "/accounts/login/")
        assert here.get("/accounts/login/").status_code == 200
        assert here.get("/accounts/2fa/authenticate/").headers["Location"] == "/accounts/login/"
        here.sign_in("bob@example.com")
        assert here.get("/settings/").status_code == 200

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
