"""Setting up the brand: who may, what can be used, what is kept, what everybody sees afterwards, and the way back."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from selectolax.lexbor import LexborHTMLParser

from terrace.kernel import options, slots
from terrace.kernel.errors import Conflict, Missing
from terrace.kernel.models import EventRow
from terrace.media import queries as media
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.web import brand, rebrand
from terrace.web.brand_form import BrandForm
from terrace.web.tests.test_icons import RED, picture
from terrace.web.tests.test_navigation import browser

pytestmark = pytest.mark.django_db
PAGE = "/console/brand/"


@pytest.fixture
def operator(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return members.create_member("若溪", role="operator", language="en", now=now)


class Desk:
    """A browser at the desk. A test is one transaction, so nothing tells the options that they have changed."""

    def __init__(self, member):
        self._client = browser(member)

    def get(self, *args, **kwargs):
        options.forget()
        return self._client.get(*args, **kwargs)

    def post(self, *args, **kwargs):
        options.forget()
        answer = self._client.post(*args, **kwargs)
        options.forget()
        return answer


@pytest.fixture
def desk(operator):
    return Desk(operator)


def present():
    options.forget()
    return brand.values()


def typed(**more):
    """Return what a browser sends of the untouched form, with changes."""
    form = BrandForm(present=present())
    values = {each.html_name: each.value() for each in form if each.value() not in (None, "", False)}
    values = {name: "on" if value is True else value for name, value in values.items()}
    values |= more
    return {name: value for name, value in values.items() if value is not None}


def upload(data=None, name="logo.png"):
    return SimpleUploadedFile(name, data or picture(RED), content_type="image/png")


def read(page):
    return LexborHTMLParser(page.content.decode())


@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 404), ("member", 404), ("engineer", 404), ("moderator", 404), ("operator", 200), ("administrator", 200)],
)
def test_who_may(now, role, status):
    client = Desk(members.create_member("某人", role=role, now=now)) if role else Client()
    for address in (PAGE, f"{PAGE}preview/", f"{PAGE}try.css?accent=%23e60012"):
        assert client.get(address).status_code == status, address
    assert client.post(f"{PAGE}versions/1/restore").status_code == 404, "and none of these is a version yet"
    assert client.post(PAGE, typed(name_en="Mine")).status_code == (302 if status == 200 else 404)
    assert (options.get("brand.name")["en"] == "Mine") is (status == 200)


def test_saved_once_seen_everywhere(desk, operator, now):
    answer = desk.post(
        PAGE,
        typed(
            name_zh="山岚", name_en="Shanlan", accent="#E60012", corners="sharp", font="serif", fans_en="Ridgers",
            title_en="Made on the ridge", eyebrow_en="This week", first_en="Go in", first_url="/topics/",
            foot_en="Shanlan Ltd", link1_en="Shop", link1_url="https://shop.example.com/a?b=1",
        ),
    )  # fmt: skip
    assert answer.status_code == 302
    stranger = Client(headers={"accept-language": "en"})
    home = read(stranger.get("/"))
    assert home.css_first(".brand span").text() == "Shanlan"
    assert re.sub(r"\s+", " ", home.css_first("h1").text().replace("\u200b", "")) == "Made on the ridge"
    assert home.css_first(".hero .eyebrow").text() == "This week"
    assert home.css_first(".hero .btn.main").attributes["href"] == "/topics/"
    assert home.css_first(".foot a").attributes["href"] == "https://shop.example.com/a?b=1"
    assert [each.text() for each in home.css(".where a")][-1] == "Ridgers"
    sheets = [each.attributes["href"] for each in home.css("link[rel=stylesheet]")]
    assert len(sheets) == 2
    css = stranger.get(sheets[1])
    assert css.headers["Content-Type"] == "text/css; charset=utf-8"
    assert css.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--accent:#d60010" in css.content.decode()
    assert "--r4:6px" in css.content.decode()
    old = stranger.get("/brand/000000000000.css")
    assert (old.content, old.headers["Cache-Control"]) == (css.content, "public, max-age=60")
    manifest = json.loads(stranger.get("/manifest.webmanifest?lang=zh-hans").content)
    assert (manifest["name"], manifest["lang"]) == ("山岚", "zh-Hans")
    assert json.loads(stranger.get("/manifest.webmanifest?lang=en").content)["name"] == "Shanlan"
    assert [each["url"] for each in manifest["shortcuts"]] == ["/new/", "/notices/", "/forum/", "/search/"]
    assert (manifest["id"], manifest["scope"], manifest["shortcuts"][0]["name"]) == ("/", "/", "发帖")
    for each in manifest["icons"]:
        answer = stranger.get(each["src"])
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    icon = stranger.get(home.css_first("link[rel=icon]").attributes["href"])
    assert b'stroke="#d60010"' in icon.content


def test_a_brand_with_defaults_adds_no_request(operator):
    home = read(Client().get("/"))
    assert len(home.css("link[rel=stylesheet]")) == 1
    assert home.css_first("link[rel=icon]").attributes["href"].endswith("/img/mark.svg")


def test_pages_carry_no_inline_style_and_keep_their_policy(desk):
    desk.post(PAGE, typed(accent="#ffd100"))
    for address in (PAGE, f"{PAGE}preview/", "/"):
        page = desk.get(address)
        policy = page.headers["Content-Security-Policy"]
        assert " style=" not in page.content.decode() and "<style" not in page.content.decode()
        assert "style-src 'self';" in policy and "unsafe" not in policy
        framed = "'self'" if "preview" in address else "'none'"
        assert f"frame-ancestors {framed}" in policy
        assert page.headers["X-Frame-Options"] == ("SAMEORIGIN" if "preview" in address else "DENY")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("accent", "red", "A colour is #"),
        ("accent", "#12345", "A colour is #"),
        ("accent", "#gg0000", "A colour is #"),
        ("first_url", "javascript:alert(1)", "An address begins with"),
        ("first_url", "//elsewhere.example.com/", "An address begins with"),
        ("link1_url", "shop.example.com", "An address begins with"),
        ("link1_url", "https://bad host/", "An address begins with"),
        ("name_en", "", "Fill this in."), ("name_zh", "长" * 41, "41 characters; the limit is 40"),
        ("paper", "glitter", "not one of the choices"), ("block_ways_place", "0", "Type 1 or more."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_keeps_everything_that_was_typed(desk, field, value, sentence):
    more = {"say_en": "Typed with care", "link1_en": "Shop", field: value}
    page = desk.post(PAGE, typed(**more))
    assert page.status_code == 422
    assert options.get("brand.more") == {}
    tree = read(page)
    assert sentence in tree.css_first("main").text()
    assert tree.css_first("[name=say_en]").attributes["value"] == "Typed with care"
    if field not in {"paper", "name_en"}:
        assert tree.css_first(f"[name={field}]").attributes["value"] == value
    assert tree.css_first(".errors").attributes["role"] == "alert"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("/", True), ("/topics/?list=new#top", True), ("https://example.com", True), ("mailto:us@example.com", True),
        ("/\\evil.example", False), ("data:text/html,x", False), ("mailto: us@x", False), ("ftp://example.com/", False),
    ],
)  # fmt: skip
def test_addresses(desk, address, good):
    assert desk.post(PAGE, typed(link1_en="There", link1_url=address)).status_code == (302 if good else 422)


def test_a_link_has_a_name_and_an_address(desk):
    assert "Where does this link lead?" in desk.post(PAGE, typed(link1_en="Shop")).content.decode()
    assert "What is this link called?" in desk.post(PAGE, typed(link1_url="/forum/")).content.decode()


def test_a_picture_is_not_chosen_twice_when_something_else_is_wrong(desk):
    page = desk.post(PAGE, typed(accent="red") | {"logo": upload()})
    assert page.status_code == 422
    tree = read(page)
    kept = tree.css_first("[name=logo_kept]").attributes["value"]
    assert kept and tree.css_first("[data-picture=logo] .seen img").attributes["src"].startswith("/media/")
    assert desk.post(PAGE, typed(accent="#e60012", logo_kept=kept)).status_code == 302
    logo = options.get("brand.logo")
    assert logo and kept.startswith(logo)
    assert read(Client().get("/")).css_first(".brand img").attributes["src"] == f"/media/{logo}/128.webp"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture we can read"),
        (b"not a picture", "not a picture we can read"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (20 * 1024 * 1024), "the limit is 20"),
    ],
)
def test_a_picture_that_cannot_be_used_keeps_what_was_typed(desk, data, sentence):
    page = desk.post(PAGE, typed(say_en="Typed with care") | {"icon": upload(data)})
    assert page.status_code == 422
    tree = read(page)
    assert sentence in tree.css_first("[data-picture=icon] .err").text()
    assert tree.css_first("[name=say_en]").attributes["value"] == "Typed with care"


def test_a_key_that_nobody_handed_out_is_no_picture(desk):
    desk.post(PAGE, typed(logo_kept=f"{'a' * 24}:forged"))
    assert options.get("brand.logo") == ""


def test_pictures_are_seen_by_strangers_kept_for_versions_and_taken_off(desk, operator, now):
    desk.post(PAGE, typed() | {"logo": upload(), "hero": upload(picture((10, 90, 40, 255), (1600, 1200)))})
    chosen = brand.values()
    assert read(Client().get("/")).css_first(".hero img").attributes["src"] == media.address(
        chosen["hero"]["picture"], 1920
    )
    ids = media.uploads_in([media.address(key) for key in brand.keys_of(chosen)])
    assert len(ids) == 2
    for each in ids:
        assert media.places_of(each) == [brand.PLACE]
        assert True in slots.ask("media.may_read", each, None)
    desk.post(PAGE, typed(logo_gone="on", hero_gone="on"))
    assert brand.keys_of(brand.values()) == set()
    assert all(media.places_of(each) == [brand.PLACE] for each in ids), "an earlier version shows them"


def test_sections_are_named_ordered_and_switched_off(desk):
    form = typed(section_home_place=3, section_forum_place=2, section_members_place=1, section_forum_en="Village")
    desk.post(PAGE, form)
    client = Client(headers={"accept-language": "en"})
    assert [each.text() for each in read(client.get("/")).css(".where a")] == ["People", "Village", "Home", "Products"]
    desk.post(PAGE, typed(section_forum_on=None, section_home_on=None))
    assert [each.text() for each in read(client.get("/")).css(".where a")] == ["People", "Home", "Products"], (
        "home is never off"
    )


def test_blocks_are_ordered_and_switched_off_but_the_list_stays(desk):
    desk.post(PAGE, typed(block_topics_place=1, block_ways_place=9, block_topics_on=None, block_people_on=None))
    assert brand.blocks(brand.values()) == ["topics", "stories", "ways"]
    assert read(Client().get("/")).css_first("main h2") is not None
    assert read(Client().get("/")).css_first(".hero h1") is not None


def test_one_language_stands_for_the_other(desk):
    desk.post(PAGE, typed(title_zh="山里做的", title_en=""))
    assert "山里做的" in read(Client(headers={"accept-language": "en"}).get("/")).css_first("h1").text()


def test_a_save_is_one_line_of_the_audit_log_and_the_same_again_is_none(desk, operator):
    desk.post(PAGE, typed(name_en="Shanlan", accent="#e60012"))
    desk.post(PAGE, typed())
    rows = EventRow.objects.filter(kind="web.BrandChanged")
    assert [(row.actor_id, row.about) for row in rows] == [(operator.pk, "brand:1")]
    with translation.override("en"):
        assert member_queries.audit_page().rows[0].sentence == "changed the brand: name, colours and forms"
    assert "changed the brand" in desk.get("/console/audit/").content.decode()


def test_the_way_back_and_back_again(desk, operator, now):
    desk.post(PAGE, typed(name_en="Shanlan", accent="#e60012"))
    desk.post(PAGE, typed(name_en="Ridge"))
    shown = read(desk.get(PAGE)).css("#before li b")
    assert [each.text() for each in shown] == ["Shanlan", "Terrace"]
    assert desk.post(f"{PAGE}versions/1/restore").status_code == 302
    assert brand.values() == brand.blank(), "as it was in the beginning"
    assert EventRow.objects.filter(kind="web.BrandRestored").count() == 1
    desk.post(f"{PAGE}versions/3/restore")
    assert (brand.values()["name"]["en"], brand.values()["look"]["accent"]) == ("Ridge", "#e60012")
    with pytest.raises(Missing):
        rebrand.restore(99, member=operator, now=now)


def test_no_more_than_the_last_versions_are_kept(operator, now):
    for number in range(rebrand.KEPT + 3):
        chosen = {**present(), "fans": {"zh": str(number), "en": ""}}
        rebrand.save(chosen, since=brand.stamp(present()), member=operator, now=now)
    options.forget()
    numbers = [each["number"] for each in rebrand.versions()]
    assert numbers == list(range(rebrand.KEPT + 3, 3, -1)), "and no number is given twice"


def test_two_operators_at_once_do_not_undo_each_other(desk, operator, now):
    late = typed(name_en="Late", say_en="Typed with care")
    rebrand.save({**brand.values(), "fans": {"zh": "米粉", "en": ""}}, since=late["since"], member=operator, now=now)
    page = desk.post(PAGE, late)
    assert page.status_code == 409
    tree = read(page)
    assert "Somebody changed the brand meanwhile" in tree.css_first(".errors").text()
    assert tree.css_first("[name=say_en]").attributes["value"] == "Typed with care"
    again = {**late, "since": tree.css_first("[name=since]").attributes["value"]}
    assert desk.post(PAGE, again).status_code == 302
    assert brand.values()["name"]["en"] == "Late"


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_one_moment_one_is_refused(now, at_once):
    one, two = (members.create_member(name, role="operator", now=now) for name in ("若溪", "山弦"))
    since = brand.stamp(brand.values())

    def save(member, name):
        chosen = {**brand.values(), "fans": {"zh": name, "en": ""}}
        return rebrand.save(chosen, since=since, member=member, now=now)

    results = at_once(lambda: save(one, "甲"), lambda: save(two, "乙"))
    assert sorted(type(each).__name__ for each in results) == ["Conflict", "bool"], results
    assert any(isinstance(each, Conflict) for each in results)
    options.forget()
    assert len(options.get("brand.versions")) == 1


def test_a_preview_saves_nothing_and_shows_what_is_typed(desk, now):
    page = desk.post(PAGE, typed(act="preview", name_en="Tried", accent="#ffd100", accent_extra="x"))
    assert page.status_code == 200
    assert options.get("brand.more") == {}
    frame = read(page).css_first("iframe").attributes["src"]
    tree = read(desk.get(frame))
    assert tree.css_first(".brand span").text() == "Tried"
    assert tree.css_first("html").attributes["data-theme"] == "light"
    assert "inert" in tree.css_first("body").attributes
    assert tree.css("script") == []
    sheet = desk.get(tree.css("link[rel=stylesheet]")[1].attributes["href"])
    assert "--accent:#806800" in sheet.content.decode()
    topic = read(desk.get(frame.replace("show=home", "show=topic")))
    assert len(topic.css(".post")) == 3 and topic.css_first(".brand span").text() == "Tried"
    other = members.create_member("山弦", role="operator", now=now)
    assert read(Desk(other).get(frame)).css_first(".brand span").text() == "Terrace", "a preview is its maker's own"


def test_while_one_types_only_the_part_that_follows_comes_back(desk):
    page = desk.post(PAGE, typed(act="preview", accent="nonsense"), headers={"HX-Request": "true"})
    tree = read(page)
    assert page.status_code == 200
    assert tree.css_first("#solved") is not None and tree.css_first("#try").attributes["data-try"]
    assert tree.css_first("form") is None
    assert "#2a7134" in tree.css_first("#solved").text(), "what cannot be used is left out"


def test_the_desk_says_before_and_after(desk):
    tree = read(desk.post(PAGE, typed(act="preview", accent="#ffd100")))
    rows = [re.findall(r"#[0-9a-f]{6}|\d+\.\d", each.text()) for each in tree.css("#solved tbody tr")]
    assert rows[0] == ["#ffd100", "1.2", "1.4", "#806800", "4.5", "5.3"]
    assert rows[1][0] == "#ffd100" and float(rows[1][4]) >= 4.5
    assert len(tree.css("#solved .ill")) == 2
    assert "coins and waiting" in tree.css_first("#solved .note").text()


@pytest.mark.parametrize("query", ["accent=red", "paper=glitter", "corners=x", "font=comic", "accent=%23fff;}x{"])
def test_a_style_sheet_of_nonsense_is_not_there(desk, query):
    assert desk.get(f"{PAGE}try.css?{query}").status_code == 404


def test_icons_that_are_none_are_not_there():
    for name in ("icon-64.png", "../x", "favicon.ico"):
        assert Client().get(f"/icons/x/{name}").status_code == 404


def test_the_form_holds_every_choice(operator, now):
    """What is saved, opened and saved again is the same: no choice gets lost on the way through the form."""
    full = typed(
        fans_zh="山友", say_zh="一句", second_zh="去看看", second_url="/forum/", foot_zh="山岚公司", link6_zh="招聘",
        link6_url="/jobs", section_forum_zh="村口", alt_en="Hills", paper="sand", block_ways_on=None,
    )  # fmt: skip
    form = BrandForm(full, present=brand.values())
    assert form.is_valid(), form.errors
    chosen = form.values()
    assert rebrand.save(chosen, since=brand.stamp(brand.values()), member=operator, now=now)
    again = BrandForm(typed(), present=present())
    assert again.is_valid(), again.errors
    assert again.values() == present() == chosen
    assert not rebrand.save(again.values(), since=brand.stamp(chosen), member=operator, now=now)


def test_the_brand_is_made_once_and_not_for_every_page(monkeypatch):
    first = brand.current()
    assert brand.current() is first
    with translation.override("en"):
        other = brand.current()
    assert brand.current() is first and other is not first
    assert hash(first) != hash(other)
