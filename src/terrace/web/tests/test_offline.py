"""The service worker is served from the root, in the version of the files it keeps."""

import pytest
from django.test import Client

from terrace.web import static

pytestmark = pytest.mark.django_db


def test_the_worker_may_serve_the_whole_site():
    response = Client().get("/worker.js")
    body = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert f'"{static.version()}"' in body
    assert '"/offline/"' in body and '"VERSION"' not in body
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "没有网络"), ("en", "You are offline")])
def test_the_page_without_a_network(language, words):
    response = Client(headers={"accept-language": language}).get("/offline/")
    assert response.status_code == 200
    assert words in response.content.decode()
