"""People and browsers for the tests of this room."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client, TestCase

from terrace.members import actions, policies

PASSWORD = "rice-terrace-9"


class Browser(Client):
    """A client in which what waits for a commit happens at once, as it does outside of tests."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)

    def sign_in(self, login, password=PASSWORD):
        return self.post("/accounts/login/", {"login": login, "password": password})

    def prove(self):
        """Set up an authenticator app, as staff must."""
        self.get("/accounts/2fa/totp/activate/")
        secret = self.session["mfa.totp.secret"]
        response = self.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
        assert response.status_code == 302, response.content.decode()[-400:]
        return secret


def totp(secret, step=0):
    """Return the code an authenticator app shows."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + step))


def code_in(text):
    """Return the six digits of a message."""
    return re.search(r"\d{6}", text)[0]


@pytest.fixture
def make(db, now):
    """Return a function that makes a member."""

    def made(handle="Lin", **fields):
        return actions.create_member(handle, now=now, **fields)

    return made


@pytest.fixture
def gateway():
    """Return settings of a gateway that can send all our text messages."""
    signed = {"backend": "aliyun", "access_key": "a", "secret": "b", "sign_name": "c"}
    return {**signed, "templates": {name: f"SMS_{name}" for name in policies.TEXTS}}


@pytest.fixture
def browser():
    """Return a browser that nobody is signed in to."""
    return Browser()


@pytest.fixture
def member_browser(make):
    """Return (member, a browser signed in as that member)."""
    member = make("Lin", email="lin@example.com", password=PASSWORD)
    here = Browser()
    here.force_login(member)
    return member, here


@pytest.fixture
def staff_browser(make):
    """Return a function that makes staff of a role, signed in with a second factor: (member, browser)."""

    def made(role, handle="Boss"):
        member = make(handle, email=f"{handle.lower()}@example.com", password=PASSWORD, role=role)
        here = Browser()
        assert here.sign_in(member.email).status_code == 302
        here.prove()
        return member, here

    return made
