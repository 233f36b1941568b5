"""Products, versions, teams and devices: rows and events, each error, twice equals once."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from terrace.kernel.errors import Conflict, Invalid
from terrace.kernel.models import EventRow
from terrace.media import queries as media
from terrace.members.models import Member
from terrace.products import actions, queries
from terrace.products.models import Build, Device, Module, Product, Team, TeamMember, Version

pytestmark = pytest.mark.django_db


def told(kind):
    """Return the data of every event of this kind, in order."""
    return [row.data for row in EventRow.objects.filter(kind=f"products.{kind}").order_by("pk")]


def invalid(field, act, *args, **kwargs):
    with pytest.raises(Invalid) as refused:
        act(*args, **kwargs)
    assert refused.value.field == field


def png():
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (40, 110, 60)).save(out, "PNG")
    return out.getvalue()


def test_a_product_is_made_with_its_address(boss, now):
    made = actions.make_product("  雾 灯 ", by=boss, now=now)
    assert (made.name, made.slug) == ("雾 灯", "wu-deng")
    assert told("ProductMade") == [{"product_id": made.pk, "name": "雾 灯"}]
    invalid("slug", actions.make_product, "雾灯二", slug="wu-deng", by=boss, now=now)
    invalid("name", actions.make_product, "  ", by=boss, now=now)
    invalid("name", actions.make_product, "长" * 41, by=boss, now=now)


def test_a_product_is_edited_once(product, boss, now):
    for _twice in range(2):
        actions.edit_product(product, name="稻田", position=3, by=boss, now=now)
    product.refresh_from_db()
    assert (product.name, product.position, len(told("ProductEdited"))) == ("稻田", 3, 1)
    invalid("runs", actions.edit_product, product, runs_id=product.pk, by=boss, now=now)


def test_a_product_is_retired_and_comes_back(product, boss, now):
    for retired in (True, True, False, False):
        actions.retire_product(product, retired=retired, by=boss, now=now)
    assert [each["what"] for each in told("ProductEdited")] == ["retired", "back"]


def test_a_picture_is_kept_while_it_is_shown(product, boss, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for _twice in range(2):
        actions.set_picture(product, png(), by=boss, now=now)
    product.refresh_from_db()
    assert media.places_of(product.picture_id) == [f"product:{product.pk}"]
    assert queries.may_read_upload(product.picture_id, None) is True
    upload = product.picture_id
    actions.set_picture(product, None, by=boss, now=now)
    assert media.places_of(upload) == []
    assert queries.may_read_upload(upload, None) is None
    assert [each["what"] for each in told("ProductEdited")] == ["picture", "picture"]


def test_modules(product, team, boss, now):
    module = actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    invalid("name", actions.add_module, product, "锁屏", by=boss, now=now)
    other = actions.add_module(product, "相机", by=boss, now=now)
    invalid("name", actions.edit_module, other, name="锁屏", by=boss, now=now)
    for _twice in range(2):
        actions.edit_module(module, name="锁屏与桌面", retired=True, by=boss, now=now)
    module.refresh_from_db()
    assert (module.name, module.retired_at, module.team_id) == ("锁屏与桌面", now, team.pk)
    assert (len(told("ModuleMade")), len(told("ModuleEdited"))) == (2, 1)
    actions.edit_module(module, by=boss, now=now)
    assert Module.objects.get(pk=module.pk).retired_at is None


def test_a_version_is_planned_released_and_raised(product, boss, now):
    version = actions.plan_version(product, " 4.2.1 ", channel="closed", note="- **快**了", by=boss, now=now)
    assert version.note_html == "<ul>\n<li><strong>快</strong>了</li>\n</ul>\n"
    with pytest.raises(Conflict):
        actions.raise_version(version, "public", by=boss, now=now)
    invalid("at", actions.release_version, version, at=now + timedelta(seconds=1), by=boss, now=now)
    assert actions.release_version(version, by=boss, now=now)
    assert not actions.release_version(version, by=boss, now=now), "twice equals once"
    later = now + timedelta(days=9)
    assert actions.raise_version(version, "public", by=boss, now=later)
    assert not actions.raise_version(version, "public", by=boss, now=later), "twice equals once"
    assert actions.raise_version(version, "stable", by=boss, now=later)
    invalid("channel", actions.raise_version, version, "closed", by=boss, now=later)
    invalid("channel", actions.raise_version, version, "nightly", by=boss, now=later)
    row = Version.objects.get(pk=version.pk)
    assert (row.channel, row.released_at) == ("stable", later)
    assert [each["channel"] for each in told("VersionReleased")] == ["closed"]
    steps = [(each["before"], each["channel"]) for each in told("VersionRaised")]
    assert steps == [("closed", "public"), ("public", "stable")]


@pytest.mark.parametrize("number", ["", "new", "4 2", "4/2", ".4", "4" * 41, "版本4"])
def test_a_number_has_to_stand_in_an_address(product, boss, now, number):
    invalid("number", actions.plan_version, product, number, channel="closed", by=boss, now=now)


def test_what_else_a_version_cannot_be(product, version, boss, now):
    invalid("number", actions.plan_version, product, "4.2.1", channel="closed", by=boss, now=now)
    invalid("channel", actions.plan_version, product, "4.2.2", channel="nightly", by=boss, now=now)
    invalid("note", actions.plan_version, product, "4.2.2", channel="closed", note="x" * 200_000, by=boss, now=now)
    other = actions.plan_version(product, "4.3.0", channel="closed", by=boss, now=now)
    invalid("number", actions.edit_version, other, number="4.2.1", note="", by=boss, now=now)


def test_a_version_is_edited_and_only_a_planned_one_changes_its_channel(product, version, boss, now):
    for _twice in range(2):
        actions.edit_version(version, number="4.2.2", note="x", channel="stable", by=boss, now=now)
    version.refresh_from_db()
    assert (version.number, version.note_html, version.channel) == ("4.2.2", "<p>x</p>\n", "closed")
    assert len(told("VersionEdited")) == 1
    planned = actions.plan_version(product, "5.0", channel="closed", by=boss, now=now)
    actions.edit_version(planned, number="5.0", note="", channel="public", by=boss, now=now)
    assert Version.objects.get(pk=planned.pk).channel == "public"


def test_builds(version, boss, now):
    build = actions.add_build(version, "4.2.1-1024", note=" a \n b ", by=boss, now=now)
    assert (build.channel, build.note, build.at) == ("closed", "a b", now)
    invalid("number", actions.add_build, version, "4.2.1-1024", by=boss, now=now)
    invalid("number", actions.add_build, version, "build", by=boss, now=now)
    invalid("channel", actions.add_build, version, "4.2.1-1025", channel="x", by=boss, now=now)
    assert Build.objects.count() == len(told("BuildMade")) == 1


def test_teams_stand_in_two_floors(project, team, boss, now):
    assert [each["name"] for each in told("TeamMade")] == ["系统项目组", "动效组"]
    make = {"zone": "Asia/Shanghai", "by": boss, "now": now}
    invalid("parent", actions.make_team, "三层", parent_id=team.pk, **make)
    invalid("slug", actions.make_team, "又一个", slug="motion", **make)
    invalid("zone", actions.make_team, "远方", zone="Mars/Base", by=boss, now=now)
    other = actions.make_team("别的", slug="other", **make)
    invalid("parent", actions.edit_team, project, parent_id=other.pk, by=boss, now=now)
    invalid("parent", actions.edit_team, team, parent_id=team.pk, by=boss, now=now)


def test_a_team_carries_its_name_beside_its_people(team, project, chen, ye, boss, now):
    chen.refresh_from_db()
    assert chen.team == "动效组"
    actions.give_part(project, ye, "manager", by=boss, now=now)
    actions.give_part(team, ye, "engineer", by=boss, now=now)
    assert Member.objects.get(pk=ye.pk).team == "动效组", "the one joined last"
    for _twice in range(2):
        actions.edit_team(team, name="动效与手感", by=boss, now=now)
    assert set(Member.objects.filter(role="engineer").values_list("team", flat=True)) == {"动效与手感"}
    assert len(told("TeamEdited")) == 1
    assert actions.leave_team(team, ye.pk, by=boss, now=now)
    assert not actions.leave_team(team, ye.pk, by=boss, now=now)
    assert Member.objects.get(pk=ye.pk).team == "系统项目组"
    actions.leave_team(project, ye.pk, by=boss, now=now)
    assert Member.objects.get(pk=ye.pk).team == ""
    assert [each["own"] for each in told("TeamLeft")] == [False, False]


def test_a_part_is_given_once_and_to_staff(team, chen, lin, boss, now):
    for _twice in range(2):
        actions.give_part(team, chen, "tester", on_call=True, by=boss, now=now)
    row = TeamMember.objects.get(team=team)
    assert (row.part, row.on_call, len(told("TeamPartGiven"))) == ("tester", True, 2)
    invalid("part", actions.give_part, team, chen, "boss", by=boss, now=now)
    invalid("who", actions.give_part, team, lin, "engineer", by=boss, now=now)


def test_hours(team, boss, now):
    given = {"zone": "Europe/Berlin", "holidays": [date(2026, 10, 1), date(2026, 10, 1)], "by": boss, "now": now}
    for _twice in range(2):
        actions.set_hours(team, {"0": (540, 1080)}, **given)
    team.refresh_from_db()
    assert (team.hours, team.zone, team.holidays) == ({"0": [540, 1080]}, "Europe/Berlin", ["2026-10-01"])
    assert [each["what"] for each in told("TeamEdited")] == ["hours"]
    invalid("to_0", actions.set_hours, team, {"0": (600, 600)}, **given)
    invalid("to_7", actions.set_hours, team, {"7": (1, 2)}, **given)
    invalid("zone", actions.set_hours, team, {}, **{**given, "zone": "Nowhere"})
    many = [date(2026, 1, 1) + timedelta(days=n) for n in range(201)]
    invalid("holidays", actions.set_hours, team, {}, **{**given, "holidays": many})


def test_a_device_is_listed_once_and_its_owner_counted_once(lin, phone, now):
    first = actions.add_device(lin, phone, now=now)
    assert actions.add_device(lin, phone, now=now).pk == first.pk
    second = actions.add_device(lin, phone, nickname="备用", now=now)
    assert (Device.objects.count(), queries.count_of_devices(phone.pk)) == (2, 1)
    assert actions.drop_device(first, now=now) and not actions.drop_device(first, now=now)
    assert queries.count_of_devices(phone.pk) == 1
    actions.drop_device(second, now=now)
    assert queries.count_of_devices(phone.pk) == 0
    assert (len(told("DeviceListed")), len(told("DeviceDropped"))) == (2, 2)


def test_a_device_says_what_it_runs(lin, phone, product, version, boss, now):
    device = actions.add_device(lin, phone, now=now)
    said = {"build": " 1024 ", "nickname": "", "since": date(2026, 1, 2), "shown": False}
    for _twice in range(2):
        actions.edit_device(device, member=lin, version_id=version.pk, now=now, **said)
    device.refresh_from_db()
    assert (device.version_id, device.build, device.shown) == (version.pk, "1024", False)
    assert len(told("DeviceChanged")) == 1
    planned = actions.plan_version(product, "9.0", channel="closed", by=boss, now=now)
    invalid("version", actions.edit_device, device, member=lin, version_id=planned.pk, now=now, **said)
    other = actions.add_device(lin, phone, nickname="备用", now=now)
    invalid(
        "nickname", actions.edit_device, device, member=lin, version_id=None, now=now, **{**said, "nickname": "备用"}
    )
    tomorrow = {**said, "since": now.date() + timedelta(days=2)}
    invalid("since", actions.edit_device, device, member=lin, version_id=None, now=now, **tomorrow)
    actions.drop_device(other, now=now)
    with pytest.raises(Conflict):
        actions.edit_device(other, member=lin, version_id=None, now=now, **said)


def test_twenty_devices_and_no_more(lin, phone, now):
    for number in range(Device.MOST):
        actions.add_device(lin, phone, nickname=str(number), now=now)
    with pytest.raises(Conflict):
        actions.add_device(lin, phone, nickname="more", now=now)
    assert actions.add_device(lin, phone, nickname="3", now=now).nickname == "3", "one that is there is no more"


def test_a_nickname_is_screened(lin, chen, phone, now):
    invalid("nickname", actions.add_device, lin, phone, nickname="代开发票13800138000", now=now)
    actions.add_device(chen, phone, nickname="代开发票13800138000", now=now)


def test_nothing_is_left_of_who_leaves(lin, chen, team, phone, now):
    actions.add_device(lin, phone, now=now)
    actions.add_device(lin, phone, nickname="备用", now=now)
    for _twice in range(2):
        actions.forget_member(lin.pk)
    actions.forget_member(chen.pk)
    assert not Device.objects.exists() and not TeamMember.objects.exists()
    assert Product.objects.get(pk=phone.pk).owners == 0
    assert Team.objects.count() == 2
