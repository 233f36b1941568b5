"""People, a group, and browsers for the tests of this room."""

import pytest
from django.test import Client
from django.utils import translation

from terrace.forum import policies as forum_policies
from terrace.kernel import clock
from terrace.members import actions as members
from terrace.memberships import actions


@pytest.fixture(autouse=True)
def _in_english():
    forum_policies.forget_tree()
    with translation.override("en"):
        yield


@pytest.fixture
def person(db, now):
    """Return a function that makes somebody: `person("林间", role="operator")`."""

    def make(handle, **fields):
        return members.create_member(handle, now=now, **fields)

    return make


@pytest.fixture
def boss(person):
    return person("若溪", role="operator")


@pytest.fixture
def lin(person):
    return person("林间", email="lin@example.com")


@pytest.fixture
def group(boss, now):
    return actions.make_group("内测组", by=boss.pk, now=now)


@pytest.fixture
def browse():
    """Return a function giving a browser of somebody who came with a second factor (`factor=False`: with a password alone)."""

    def sign_in(member=None, *, factor=True):
        client = Client(headers={"accept-language": "en"})
        if member is not None:
            client.force_login(member)
        if member is not None and factor:
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": clock.now().timestamp()}]
            session["account_authentication_methods_user"] = str(member.pk)
            session.save()
        return client

    return sign_in
