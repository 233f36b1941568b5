"""The administrator's own ladder: titles in two languages, where levels begin, and everybody on their level."""

import pytest
from django.utils import translation

from terrace.kernel import deliveries, events, options
from terrace.kernel.errors import Invalid, Refused
from terrace.kernel.models import EventRow
from terrace.members import actions, queries
from terrace.members.events import LadderChosen, LevelReached
from terrace.members.models import Member, level_at, progress_at

pytestmark = pytest.mark.django_db


def ladder(**changed):
    """The ladder as it comes, with some steps changed: `ladder(_2={"growth": 50})`."""
    return [{**step, **changed.get(f"_{number}", {})} for number, step in enumerate(queries.ladder(), 1)]


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch):
    """A test is one transaction, at whose end the choices would be forgotten."""
    monkeypatch.setattr(options, "FRESH", 0)


@pytest.fixture
def boss(make):
    return make("Boss", role="administrator")


def test_titles_are_said_in_the_readers_language(boss, now):
    before = queries.titles_key()
    actions.choose_ladder(boss, ladder(_2={"zh": "米芽", "en": "Grainlet"}), now=now)
    with translation.override("zh-hans"):
        assert (queries.title_of(2), queries.title_of(3)) == ("米芽", "分蘖")
    with translation.override("en"):
        assert (queries.title_of(2), queries.title_of(3), queries.title_of(99)) == ("Grainlet", "Tiller", "Grain")
    assert queries.titles_key() != before


def test_the_level_begins_elsewhere_for_everybody_and_nobody_is_told(make, boss, now):
    low, high = make("Low"), make("High")
    actions.set_growth(low.pk, 30, now)
    actions.set_growth(high.pk, 9000, now)
    told = EventRow.objects.filter(kind=LevelReached.kind).count()
    actions.choose_ladder(boss, ladder(_2={"growth": 50}, _8={"growth": 9001}), now=now)
    assert (level_at(30), level_at(50), progress_at(25)) == (1, 2, 50)
    assert Member.objects.get(pk=low.pk).level == 2, "until the event is heard"
    while deliveries.drain(now, outside=False):
        pass
    levels = dict(Member.objects.values_list("handle", "level"))
    assert (levels["Low"], levels["High"]) == (1, 7)
    assert EventRow.objects.filter(kind=LevelReached.kind).count() == told
    assert actions.count_levels() == 0, "again changes nothing"


def test_back_to_the_one_that_comes_with_the_product(boss, now):
    actions.choose_ladder(boss, ladder(_2={"growth": 50, "en": "X"}), now=now)
    actions.choose_ladder(boss, [], now=now)
    assert level_at(20) == 2 and queries.titles_key() == ()


@pytest.mark.parametrize("wrong", [{"_1": {"growth": 5}}, {"_3": {"growth": 20}}, {"_8": {"growth": 1}}])
def test_a_ladder_rises_from_nothing(boss, now, wrong):
    with pytest.raises(Invalid):
        actions.choose_ladder(boss, ladder(**wrong), now=now)
    with pytest.raises(Invalid):
        actions.choose_ladder(boss, ladder()[:7], now=now)
    assert queries.titles_key() == () and not EventRow.objects.filter(kind=LadderChosen.kind).exists()


@pytest.mark.parametrize("role", ["member", "moderator", "operator"])
def test_it_is_the_administrators(make, now, role):
    with pytest.raises(Refused):
        actions.choose_ladder(make("Other", role=role), [], now=now)


def test_it_is_wired():
    assert "members.count_levels" in {each.name for each in events.wired()[LadderChosen.kind]}


def data(**changed):
    found = {}
    for number, step in enumerate(queries.ladder(), 1):
        found |= {f"{name}_{number}": value for name, value in step.items()}
    return found | changed


class TestPage:
    @pytest.mark.parametrize(("role", "status"), [("operator", 404), ("administrator", 200)])
    def test_for_administrators_alone(self, staff_browser, role, status):
        assert staff_browser(role)[1].get("/console/levels/").status_code == status

    def test_saved_and_taken_back(self, staff_browser):
        _boss, browser = staff_browser("administrator")
        response = browser.post("/console/levels/", data(zh_2="米芽", en_2="Grainlet", growth_3=90, growth_1=7))
        assert response.status_code == 302
        assert queries.ladder()[:3] == [
            {"growth": 0, "zh": "新芽", "en": "Seed"},
            {"growth": 20, "zh": "米芽", "en": "Grainlet"},
            {"growth": 90, "zh": "分蘖", "en": "Tiller"},
        ]
        assert "米芽" in browser.get("/console/levels/").content.decode()
        assert "米芽" in browser.get("/console/audit/").content.decode()
        browser.post("/console/levels/", {"act": "reset"})
        assert queries.ladder()[1]["zh"] == "育秧"

    def test_what_does_not_rise_is_said_where_it_stands(self, staff_browser):
        _boss, browser = staff_browser("administrator")
        response = browser.post("/console/levels/", data(growth_3=20, zh_4=""))
        assert response.status_code == 422
        assert response.content.decode().count('class="err"') == 2
        assert queries.titles_key() == ()

    def test_pieces_of_pages_show_the_new_title(self, staff_browser, make, now):
        boss, browser = staff_browser("administrator")
        actions.set_growth(make("Ann").pk, 20, now)
        assert "育秧" in browser.get("/people/").content.decode()
        actions.choose_ladder(boss, ladder(_2={"zh": "米芽", "en": "Grainlet"}), now=now)
        page = browser.get("/people/").content.decode()
        assert "米芽" in page and "育秧" not in page
