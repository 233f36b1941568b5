"""People and places that the forum's tests need."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from terrace.forum import actions, policies
from terrace.members import actions as members


@pytest.fixture(autouse=True)
def _no_remembered_boards():
    policies.forget_tree()
    yield
    policies.forget_tree()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def person(db, now):
    """Return a function that makes a member of some standing: `person("林间", level=3)`."""

    def make(handle, *, level=5, role="member", **others):
        member = members.create_member(handle, role=role, now=now - timedelta(days=90), **others)
        if level > 1:
            members.set_growth(member.pk, {2: 20, 3: 80, 4: 200, 5: 500, 6: 1200, 7: 3000, 8: 8000}[level], now)
        member.refresh_from_db()
        return member

    return make


@pytest.fixture
def lin(person):
    return person("林间")


@pytest.fixture
def wen(person):
    return person("Wen")


@pytest.fixture
def moderator(person):
    return person("板桥", role="moderator", level=6)


@pytest.fixture
def board(db, now):
    return actions.create_board("拍照", slug="photo", now=now, translations={"en": {"name": "Photography", "line": ""}})


@pytest.fixture
def make_topic(board, lin, now):
    """Return a function that opens a topic."""

    def make(
        title="夜里拍不清楚",
        source="手持总是糊，怎么办？",
        *,
        author=None,
        at=None,
        where=None,
        kind="discussion",
        **others,
    ):
        return actions.open_topic(
            author or lin,
            where or board,
            kind=kind,
            title=title,
            source=source,
            now=at or now,
            screened=False,
            **others,
        )

    return make


@pytest.fixture
def topic(make_topic):
    return make_topic()


@pytest.fixture
def make_reply(wen, now):
    """Return a function that answers a topic."""

    def make(topic, source="用三脚架试试。", *, author=None, at=None, **others):
        topic.refresh_from_db()
        return actions.reply(author or wen, topic, source=source, now=at or now, screened=False, **others)

    return make


@pytest.fixture
def browse():
    """Return a function giving a browser (Django's client) of somebody, with CSRF checked as in life."""

    def sign_in(member=None, **headers):
        client = Client(headers={"accept-language": "en"} | headers)
        if member is not None:
            client.force_login(member)
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa"}]
            session["account_authentication_methods_user"] = str(member.pk)
            session.save()
        return client

    return sign_in
