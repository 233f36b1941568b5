"""Products and teams at the desk: whole stories of an operator and of a team, strangers, and what comes back."""

import io

import pytest
from django.test import Client
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel.models import EventRow
from terrace.products import actions
from terrace.products.models import Build, Module, Product, Team, TeamMember, Version

pytestmark = pytest.mark.django_db


def texts(page, selector):
    return [" ".join(each.text().split()) for each in HTMLParser(page.content.decode()).css(selector)]


PRODUCT = {
    "name": "Tarn",
    "line": "下水的表",
    "name_en": "Tarn Watch",
    "icon": "watch",
    "position": "2",
    "slug": "tarn",
}


def test_an_operator_adds_a_product_and_changes_it(browse, boss, project, product, now):
    browser = browse(boss)
    assert texts(browser.get("/console/products/"), "tbody th") == ["Paddy"]
    added = browser.post("/console/products/", {**PRODUCT, "team": project.pk, "runs": product.pk})
    assert added["Location"] == "/console/products/tarn/"
    made = Product.objects.get(slug="tarn")
    assert (made.team_id, made.runs_id, made.translations) == (project.pk, product.pk, {"en": {"name": "Tarn Watch"}})
    edited = browser.post("/console/products/tarn/edit", {**PRODUCT, "name": "Tarn 2"})
    assert edited["Location"] == "/console/products/tarn/"
    made.refresh_from_db()
    assert (made.name, made.team_id) == ("Tarn 2", None)
    browser.post("/console/products/tarn/retire", {"on": "1"})
    made.refresh_from_db()
    assert made.retired_at is not None
    assert browser.get("/products/tarn/").status_code == 200, "its page stays"
    assert "Tarn 2" not in browser.get("/products/").content.decode()


def test_what_an_operator_typed_comes_back_with_the_sentence(browse, boss, product):
    answer = browse(boss).post("/console/products/", {**PRODUCT, "slug": "paddy"})
    assert answer.status_code == 422
    assert "Another product has the address “paddy”." in answer.content.decode()
    assert 'value="Tarn Watch"' in answer.content.decode()
    answer = browse(boss).post("/console/products/paddy/picture", {})
    assert (answer.status_code, texts(answer, ".err")) == (422, ["Choose a picture first."])


def test_a_picture(browse, boss, product, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (40, 110, 60)).save(out, "PNG")
    out.seek(0)
    out.name = "x.png"
    browse(boss).post("/console/products/paddy/picture", {"picture": out})
    key = Product.objects.get().picture_key
    assert f"/media/{key}/960.webp" in Client().get("/products/paddy/").content.decode()
    browse(boss).post("/console/products/paddy/picture", {"remove": "1"})
    assert Product.objects.get().picture_key == ""


def test_a_team_releases_its_product_without_an_operator(browse, ye, project, product, team, now):
    actions.give_part(project, ye, "manager", now=now)
    browser = browse(ye)
    assert texts(browser.get("/console/products/"), "tbody th a") == ["Paddy"]
    page = browser.get("/console/products/paddy/")
    assert page.status_code == 200 and b"console/products/paddy/edit" not in page.content
    planned = browser.post(
        "/console/products/paddy/versions/new/", {"number": "5.0", "channel": "closed", "note": "- x"}
    )
    here = planned["Location"]
    assert here == "/console/products/paddy/versions/5.0/"
    assert browser.post(f"{here}release")["Location"] == here
    assert browser.post(f"{here}raise", {"channel": "public"})["Location"] == here
    assert browser.post(f"{here}builds/new", {"number": "5.0-1", "channel": "public"})["Location"] == here
    assert browser.post(here, {"number": "5.0", "channel": "public", "note": "- y"}).status_code == 302
    row = Version.objects.get()
    assert (row.channel, row.note, Build.objects.get().number) == ("public", "- y", "5.0-1")
    assert browser.post("/console/products/paddy/modules/new", {"name": "锁屏", "team": team.pk}).status_code == 302
    module = Module.objects.get()
    edit = f"/console/products/paddy/modules/{module.pk}/"
    assert browser.get(edit).status_code == 200
    assert browser.post(edit, {"name": "锁屏", "retired": "on"}).status_code == 302
    module.refresh_from_db()
    assert module.retired_at is not None and module.team_id is None
    acts = (
        EventRow.objects.filter(actor_id=ye.pk, kind__startswith="products.")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert list(acts) == [
        f"products.{kind}"
        for kind in (
            "VersionMade",
            "VersionReleased",
            "VersionRaised",
            "BuildMade",
            "VersionEdited",
            "ModuleMade",
            "ModuleEdited",
        )
    ]


def test_forms_about_versions_come_back(browse, boss, product, version):
    browser = browse(boss)
    new = browser.post("/console/products/paddy/versions/new/", {"number": "4.2.1", "channel": "closed"})
    assert (new.status_code, texts(new, ".err")) == (422, ["The product has a version 4.2.1 already."])
    here = "/console/products/paddy/versions/4.2.1/"
    assert browser.post(here, {"number": "x y", "channel": "closed"}).status_code == 422
    assert browser.post(f"{here}builds/new", {"number": "x y", "channel": "closed"}).status_code == 422
    assert browser.post(f"{here}raise", {"channel": "nightly"}).status_code == 422
    assert browser.post("/console/products/paddy/modules/new", {"name": ""}).status_code == 422
    assert browser.get("/console/products/paddy/versions/9/").status_code == 404
    assert browser.get("/console/products/paddy/modules/9/").status_code == 404


def test_the_operator_makes_a_team_and_its_lead_runs_it(browse, boss, chen, ye, now):
    added = browse(boss).post("/console/teams/", {"name": "动效组", "zone": "Asia/Shanghai", "slug": "motion"})
    assert added["Location"] == "/console/teams/motion/"
    browse(boss).post("/console/teams/motion/part", {"who": "陈澈", "part": "lead"})
    browser = browse(chen)
    assert texts(browser.get("/console/teams/"), "tbody th a") == ["动效组"]
    assert b'id="team_zone"' not in browser.get("/console/teams/motion/").content
    assert (
        browser.post("/console/teams/motion/part", {"who": "@叶青", "part": "tester", "on_call": "on"}).status_code
        == 302
    )
    assert browser.post("/console/teams/motion/edit", {"name": "动效与手感", "line": "会动的"}).status_code == 302
    hours = {"zone": "Asia/Shanghai", "holidays": "2026-10-01 2026-10-02", "from_0": "9:00", "to_0": "18：00"}
    assert browser.post("/console/teams/motion/hours/", hours).status_code == 302
    team = Team.objects.get()
    assert (team.name, team.line, team.hours) == ("动效与手感", "会动的", {"0": [540, 1080]})
    assert team.holidays == ["2026-10-01", "2026-10-02"]
    ask = browser.get(f"/console/teams/motion/people/{ye.pk}/out")
    assert "Take 叶青 out of “动效与手感”?" in " ".join(texts(ask, "h1"))
    assert browser.post(f"/console/teams/motion/people/{ye.pk}/out").status_code == 302
    assert [row.member_id for row in TeamMember.objects.all()] == [chen.pk]
    assert browser.get(f"/console/teams/motion/people/{ye.pk}/out").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"from_0": "9:00"}, "A working day has a beginning and an end."),
        ({"from_0": "nine", "to_0": "18:00"}, "A time is hours and minutes, such as 09:00."),
        ({"from_0": "18:00", "to_0": "09:00"}, "A working day ends after it begins."),
        ({"zone": "Mars"}, "There is no such time zone. Names are like Asia/Shanghai."),
        ({"holidays": "1 October"}, "A day is year, month and day, such as 2026-10-01."),
    ],
)
def test_hours_that_cannot_be(browse, chen, team, typed, sentence):
    answer = browse(chen).post("/console/teams/motion/hours/", {"zone": "Asia/Shanghai", **typed})
    assert (answer.status_code, texts(answer, ".err")) == (422, [sentence])


def test_parts_that_cannot_be(browse, chen, lin, team):
    for who, sentence in (("nobody", "Nobody here is called “nobody”."), ("林间", "林间 is no staff yet")):
        answer = browse(chen).post("/console/teams/motion/part", {"who": who, "part": "engineer"})
        assert answer.status_code == 422 and sentence in answer.content.decode()


PAGES = [
    "/console/products/",
    "/console/products/paddy/",
    "/console/products/paddy/versions/new/",
    "/console/products/paddy/versions/4.2.1/",
    "/console/teams/",
    "/console/teams/motion/",
    "/console/teams/motion/hours/",
]
ACTS = [
    "/console/products/",
    "/console/products/paddy/edit",
    "/console/products/paddy/picture",
    "/console/products/paddy/retire",
    "/console/products/paddy/modules/new",
    "/console/products/paddy/versions/new/",
    "/console/products/paddy/versions/4.2.1/",
    "/console/products/paddy/versions/4.2.1/release",
    "/console/products/paddy/versions/4.2.1/raise",
    "/console/products/paddy/versions/4.2.1/builds/new",
    "/console/teams/",
    "/console/teams/motion/edit",
    "/console/teams/motion/part",
    "/console/teams/motion/hours/",
]


@pytest.mark.parametrize("role", [None, "member", "moderator", "engineer"])
def test_strangers_and_staff_of_no_team_learn_nothing(browse, person, product, version, team, role):
    browser = browse(person("某人", role=role) if role else None)
    assert {browser.get(address).status_code for address in PAGES} == {404}
    assert {browser.post(address).status_code for address in ACTS} == {404}


def test_who_is_in_the_team_but_does_not_run_it_looks_and_changes_nothing(
    browse, ye, team, product, version, boss, now
):
    actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    actions.give_part(team, ye, "tester", by=boss, now=now)
    before = EventRow.objects.count()
    browser = browse(ye)
    looks = {address: browser.get(address).status_code for address in PAGES}
    assert [address for address, status in looks.items() if status != 200] == [PAGES[2], PAGES[6]]
    assert {browser.post(address).status_code for address in ACTS} <= {403, 404}
    assert EventRow.objects.count() == before


def test_a_password_alone_leads_to_the_second_factor(browse, chen, team):
    assert "/2fa/" in browse(chen, factor=False).get("/console/teams/")["Location"]


def test_the_audit_log_says_it_in_words(browse, boss, project, product, version, team, chen, now):
    actions.raise_version(version, "public", by=boss, now=now)
    said = " ".join(browse(boss).get("/console/audit/").content.decode().split())
    assert "raised it from “Closed beta” to “Public beta”" in said
    assert "gave them a part in the team “动效组”: Lead" in said
    assert "Paddy 4.2.1" in said


def test_the_desk_leads_a_team_to_its_own(browse, chen, team, person):
    page = browse(chen).get("/console/teams/").content.decode()
    assert 'href="/console/products/"' in page and 'href="/console/groups/"' not in page
    moderator = person("板桥", role="moderator")
    assert 'href="/console/teams/"' not in browse(moderator).get("/console/").content.decode()
