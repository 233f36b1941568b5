"""Pages of the roof."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("referer", "leads"), [("http://testserver/new/", True), ("https://evil.example/", False)])
def test_a_form_that_was_open_too_long_leads_back_to_it(referer, leads):
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = browser.post("/new/", {"title": "x", "body": "y"}, headers={"referer": referer})
    page = response.content.decode()
    assert response.status_code == 403
    assert (referer in page) is leads
    assert "your text is kept" in page
