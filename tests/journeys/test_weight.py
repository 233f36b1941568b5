"""The first page somebody opens brings at most 60 kB of compressed style sheets and scripts, and nothing moves while it loads."""

import pytest

from tests.journeys.pages import PLACES

MOST = 60_000  # bytes, as they travel
STILL = 0.02  # the sum of layout shifts (web.dev/cls)
HEAVY = {
    "home", "topic-member", "topic-long", "topic-moderator", "topic-poll", "composer", "composer-poll", "search", "notices",
    "settings-notices", "profile-own", "queue", "desk-brand", "styleguide", "sign-in",
}  # fmt: skip
WATCH = """
  window.shifts = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifts += each.value; })
    .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("place", [place for place in PLACES if place.name in HEAVY], ids=lambda place: place.name)
def test_a_first_page_is_light_and_stands_still(visitor, places, place):
    page = visitor(place.who, width=390)
    page.add_init_script(WATCH)
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    kinds, sizes = {}, {}
    protocol.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    protocol.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(place.path.format(**places), wait_until="networkidle")
    page.wait_for_timeout(300)
    code = sum(size for key, size in sizes.items() if kinds.get(key) in {"Stylesheet", "Script"})
    assert 5_000 < code <= MOST, f"{code} bytes"
    assert page.evaluate("shifts") <= STILL


def test_every_heavy_page_is_there():
    assert {place.name for place in PLACES} >= HEAVY
