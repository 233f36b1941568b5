"""The cache of several processes, on a real Redis that goes away and comes back."""

import pytest

from terrace.kernel import shared_cache
from terrace.kernel.shared_cache import SharedCache
from terrace.kernel.tests.servers import redis_server, redis_url  # noqa: F401

pytestmark = pytest.mark.redis


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(shared_cache, "_again_at", 0.0)
    monkeypatch.setattr(shared_cache, "PAUSE", 0.0)


def cache_of(url):
    made = SharedCache(url, {})
    made._alone.clear()
    return made


def test_two_processes_count_together(redis_url):  # noqa: F811
    one, two = cache_of(redis_url), cache_of(redis_url)
    assert one.add("tries", 1, timeout=60)
    assert not two.add("tries", 1, timeout=60)
    assert (two.incr("tries"), one.incr("tries"), one.get("tries")) == (2, 3, 3)
    one.set_many({"a": 1, "b": 2})
    assert two.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert two.has_key("a") and two.touch("a", 60)
    two.delete_many(["a", "b"])
    two.delete("tries")
    assert one.get("tries", "nothing") == "nothing"
    with pytest.raises(ValueError, match="not found"):
        one.incr("tries")


def test_two_communities_do_not(redis_url, settings):  # noqa: F811
    one = cache_of(redis_url)
    settings.SECRET_KEY = "another " * 8
    two = cache_of(redis_url)
    one.set("tries", 7, timeout=60)
    assert two.get("tries") is None
    one.delete("tries")


def test_while_redis_is_away_each_counts_for_itself(redis_server, monkeypatch):  # noqa: F811
    one = cache_of(redis_server.url)
    one.set("tries", 7)
    redis_server.stop()
    monkeypatch.setattr(shared_cache, "PAUSE", 3600.0)
    assert one.incr("tries") == 1, "what was counted before is not known, and counting goes on"
    assert one.incr("tries") == 2
    assert not one.add("tries", 1)
    assert one.add("others", 1)
    assert one.get("tries") == 2
    redis_server.start()
    assert one.get("tries") == 2, "it is asked again only after a pause"
    monkeypatch.setattr(shared_cache, "_again_at", 0.0)
    assert one.get("tries") is None, "this server keeps nothing over a restart"
    assert one.add("tries", 1)
