"""People, a product, a team, and browsers for the tests of this room."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from terrace.kernel import clock
from terrace.members import actions as members
from terrace.products import actions, policies


@pytest.fixture(autouse=True)
def _in_english():
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
def chen(person):
    return person("陈澈", role="engineer")


@pytest.fixture
def ye(person):
    return person("叶青", role="engineer")


@pytest.fixture
def project(boss, now):
    return actions.make_team("系统项目组", slug="system", zone="Asia/Shanghai", by=boss, now=now)


@pytest.fixture
def team(boss, project, chen, now):
    """A feature team led by 陈澈, below the project team."""
    made = actions.make_team("动效组", slug="motion", zone="Asia/Shanghai", parent_id=project.pk, by=boss, now=now)
    actions.give_part(made, chen, "lead", by=boss, now=now)
    return made


@pytest.fixture
def product(boss, project, now):
    english = {"en": {"name": "Paddy", "line": "What runs on the phones."}}
    return actions.make_product(
        "稻田系统", slug="paddy", translations=english, icon="layers", team_id=project.pk, by=boss, now=now
    )


@pytest.fixture
def version(product, boss, now):
    """A version in closed beta, a week old."""
    made = actions.plan_version(product, "4.2.1", channel="closed", note="- 锁屏不再跳", by=boss, now=now)
    actions.release_version(made, at=now - timedelta(days=7), by=boss, now=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def phone(product, boss, now):
    return actions.make_product("Ridge 5", slug="ridge-5", runs_id=product.pk, by=boss, now=now)


@pytest.fixture
def hand():
    return policies.hand


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
