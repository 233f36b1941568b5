"""The service worker is served from the root, in the version of the files it keeps."""

import pytest
from django.test import Client

from terrace.members.actions import create_member
from terrace.web import static

pytestmark = pytest.mark.django_db


def test_the_worker_may_serve_the_whole_site():
    response = Client().get("/worker.js")
    body = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert f'"{static.version()}"' in body
    assert '"/offline/"' in body and '"/settings/notices/devices/"' in body and "icon-192.png" in body
    assert not [
        name for name in ("VERSION", "OFFLINE", "PREFERENCES", "JOIN", "SIGN_OUT", "ICON") if f'"{name}"' in body
    ]
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_page_says_for_which_reader_it_is_kept(now):
    """The worker throws away what it kept for somebody else; a stranger's page says nothing."""
    readers = []
    for handle in ("林间", "Wen"):
        client = Client()
        client.force_login(create_member(handle, now=now))
        readers.append(client.get("/").headers["Terrace-Reader"])
        assert client.get("/people/").headers["Terrace-Reader"] == readers[-1]
    assert len(set(readers)) == 2 and "Terrace-Reader" not in Client().get("/").headers


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "没有网络"), ("en", "You are offline")])
def test_the_page_without_a_network(language, words):
    response = Client(headers={"accept-language": language}).get("/offline/")
    assert response.status_code == 200
    assert words in response.content.decode()
