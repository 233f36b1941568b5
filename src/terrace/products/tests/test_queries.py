"""What pages show, to whom, and what it costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from terrace.kernel.errors import Missing
from terrace.products import actions, policies, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def releases(product, boss, now):
    """Return a function that releases a version so many days ago."""

    def out(number, channel, days, note="- x"):
        made = actions.plan_version(product, number, channel=channel, note=note, by=boss, now=now)
        actions.release_version(made, at=now - timedelta(days=days), by=boss, now=now)
        return made

    return out


def numbers(versions):
    return [(each.channel, each.number) for each in versions]


def test_a_beta_that_was_overtaken_is_not_what_members_have(product, releases):
    releases("4.0", "stable", 90)
    releases("4.1", "closed", 60)
    assert numbers(queries.product_page(product).versions) == [("stable", "4.0"), ("closed", "4.1")]
    releases("4.2", "stable", 30)
    releases("4.3", "public", 5)
    assert numbers(queries.product_page(product).versions) == [("stable", "4.2"), ("public", "4.3")]


def test_the_list_costs_two_queries_however_long_it_is(product, phone, version, boss, now, django_assert_num_queries):
    actions.retire_product(actions.make_product("旧的", slug="old", by=boss, now=now), retired=True, by=boss, now=now)
    with django_assert_num_queries(3):
        rows = queries.product_list()
    assert [(row.name, numbers(row.versions)) for row in rows] == [("Paddy", [("closed", "4.2.1")]), ("Ridge 5", [])]
    assert rows[0].versions[0].url == "/products/paddy/#v4.2.1"
    with translation.override("zh-hans"):
        assert queries.product_list()[0].name == "稻田系统"


def test_the_page_of_a_product(phone, product, version, team, chen, boss, now, django_assert_num_queries):
    actions.add_module(product, "锁屏", team_id=team.pk, translations={"en": {"name": "Lock"}}, by=boss, now=now)
    gone = actions.add_module(product, "旧模块", by=boss, now=now)
    actions.edit_module(gone, retired=True, by=boss, now=now)
    found = queries.find_product("paddy")
    with django_assert_num_queries(5):
        page = queries.product_page(found)
    assert [(part.name, part.team.name) for part in page.modules] == [("Lock", "动效组")]
    assert [(one.person.handle, one.part, one.team) for one in page.people] == [("陈澈", "Lead", "动效组")]
    assert queries.product_page(queries.find_product("ridge-5")).runs.name == "Paddy"
    with pytest.raises(Missing):
        queries.find_product("nothing")


def test_the_changelog_tells_of_a_plan_that_it_is_there_and_no_more(
    product, version, boss, now, django_assert_num_queries
):
    actions.plan_version(product, "5.0", channel="closed", note="secret", by=boss, now=now)
    actions.add_build(version, "4.2.1-1", by=boss, now=now)
    with django_assert_num_queries(3):
        page = queries.changelog(product, "")
    assert [(each.number, each.at is None, str(each.html)) for each in page.rows] == [
        ("5.0", True, ""),
        ("4.2.1", False, "<ul>\n<li>锁屏不再跳</li>\n</ul>\n"),
    ]
    assert [build.number for build in page.rows[1].builds] == ["4.2.1-1"]


def test_the_changelog_goes_on(product, releases):
    for number in range(14):
        releases(f"1.{number}", "stable", 100 - number)
    first = queries.changelog(product, "")
    rest = queries.changelog(product, first.next)
    assert [each.number for each in [*first.rows, *rest.rows]] == [f"1.{number}" for number in reversed(range(14))]
    assert (len(first.rows), rest.next) == (12, "")


def test_the_page_of_a_team(team, project, product, chen, boss, now):
    actions.set_hours(
        team,
        {str(day): (540, 1080) for day in range(5)},
        zone="Asia/Shanghai",
        holidays=[date(2026, 7, 1), date(2026, 7, 20)],
        by=boss,
        now=now,
    )
    actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    page = queries.team_page(queries.find_team("motion"), now)  # a Saturday evening in Shanghai
    assert (page.above.name, page.at_work, page.off) == ("系统项目组", False, [date(2026, 7, 20)])
    assert page.back == datetime(2026, 7, 21, 1, tzinfo=UTC), "Monday is off: back on Tuesday at 9 in Shanghai"
    assert [(day.since, day.to) for day in page.days[4:]] == [("09:00", "18:00"), ("", ""), ("", "")]
    assert [(one.person.handle, one.label) for one in page.people] == [("陈澈", "Lead")]
    assert [(where.name, names) for where, names in page.modules] == [("Paddy", ["锁屏"])]
    above = queries.team_page(project, now)
    assert ([each.name for each in above.below], [each.name for each in above.products]) == (["动效组"], ["Paddy"])
    assert above.back is None, "it has no hours"


def test_devices(lin, chen, phone, version, now, django_assert_num_queries):
    device = actions.add_device(lin, phone, now=now)
    hidden = {"build": "", "nickname": "x", "since": now.date(), "shown": False}
    actions.edit_device(device, member=lin, version_id=version.pk, now=now, **hidden)
    actions.add_device(lin, phone, now=now)
    actions.add_device(chen, phone, now=now)
    with django_assert_num_queries(1):
        found = queries.devices_of([lin.pk, chen.pk])
    assert {key: len(rows) for key, rows in found.items()} == {lin.pk: 2, chen.pk: 1}
    assert [each.nickname for each in queries.devices_of([lin.pk], shown=True)[lin.pk]] == [""]
    assert queries.shown_count(lin.pk) == 1
    assert queries.count_of_devices(phone.pk) == 2
    assert found[lin.pk][0].version == "4.2.1"
    with pytest.raises(Missing):
        queries.find_device(chen.pk, device.pk)


def test_what_can_be_listed_and_what_it_may_run(lin, phone, product, version, now):
    assert queries.listable() == [("ridge-5", "Ridge 5")], "the system of a phone is no device"
    device = queries.find_device(lin.pk, actions.add_device(lin, phone, now=now).pk)
    assert queries.version_choices(device) == [(str(version.pk), "Paddy 4.2.1 (Closed beta)")]


def test_the_desk_shows_what_one_has_to_do_with(product, phone, team, chen, lin, boss, version, now):
    keeper, lead = policies.hand(boss), policies.hand(chen)
    assert [row.slug for row in queries.desk_products(keeper)] == ["paddy", "ridge-5"]
    assert queries.desk_products(lead) == []
    module = actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    actions.add_module(product, "相机", by=boss, now=now)
    assert [row.slug for row in queries.desk_products(lead)] == ["paddy"]
    assert [(row.pk == module.pk, may) for row, _team, may in queries.desk_modules(product, lead)] == [
        (True, True),
        (False, False),
    ]
    assert [row.slug for row in queries.desk_teams(keeper)] == ["system", "motion"]
    assert [(row.slug, row.people, row.modules, row.runs) for row in queries.desk_teams(lead)] == [
        ("motion", 1, 1, True)
    ]
    actions.add_build(version, "4.2.1-1", by=boss, now=now)
    assert [(row.number, row.builds, row.next) for row in queries.desk_versions(product)] == [
        ("4.2.1", 1, ("public", "Public beta"))
    ]


def test_names_for_the_audit_log(product, version, team):
    found = queries.names_of({"product": [product.pk], "version": [version.pk], "team": [team.pk], "board": [1]})
    assert found == {
        f"product:{product.pk}": ("“Paddy”", "/console/products/paddy/"),
        f"version:{version.pk}": ("Paddy 4.2.1", "/console/products/paddy/versions/4.2.1/"),
        f"team:{team.pk}": ("“动效组”", "/console/teams/motion/"),
    }


def test_a_member_gets_what_is_held_of_them(lin, chen, team, phone, now):
    actions.add_device(lin, phone, nickname="小号", now=now)
    own = queries.export_member(lin.pk)
    assert [(each["product__slug"], each["nickname"]) for each in own["devices"]] == [("ridge-5", "小号")]
    assert queries.export_member(chen.pk)["teams"] == [{"team__slug": "motion", "part": "lead", "on_call": False}]
