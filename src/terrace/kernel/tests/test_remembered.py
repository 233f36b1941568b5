"""Drawn pieces are found by their whole key, and the oldest make room."""

from terrace.kernel import remembered
from terrace.kernel.remembered import Remembered


def test_a_piece_is_drawn_once_for_a_key():
    remembered.clear()
    drawn = []

    def draw():
        drawn.append(1)
        return "<p>1</p>"

    assert [remembered.piece(("a", 1), draw) for _each in range(3)] == ["<p>1</p>"] * 3
    assert len(drawn) == 1
    remembered.piece(("a", 2), draw)
    assert len(drawn) == 2


def test_nothing_drawn_is_also_remembered():
    drawn = []
    for _each in range(2):
        remembered.piece("empty", lambda: drawn.append(1) or "")
    assert len(drawn) == 1


def test_what_was_asked_for_longest_ago_makes_room():
    kept = Remembered(most=30)
    for key in "abc":
        kept.put(key, key * 10)
    kept.get("a")
    kept.put("d", "d" * 10)
    assert [kept.get(key) is not None for key in "abcd"] == [True, False, True, True]
    kept.put("e", "e" * 100)
    assert kept.get("e") is None, "a piece larger than all the room is not kept"
    assert kept.get("d") is None


def test_a_piece_put_again_is_counted_once():
    kept = Remembered(most=30)
    for _each in range(5):
        kept.put("a", "x" * 10)
    kept.put("b", "y" * 10)
    assert kept.get("a") and kept.get("b")
