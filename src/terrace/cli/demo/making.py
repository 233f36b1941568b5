"""What the demo's brand makes: products, versions, teams and devices, in the words of `products.json`."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from terrace.kernel.errors import Missing
from terrace.members import queries as member_queries
from terrace.products import actions as products
from terrace.products import queries

WEEK = {str(day): [540, 1080] for day in range(5)}
ZONE = "Asia/Shanghai"


def fill(folder: Path, ids: dict[str, int], now: datetime) -> None:
    """Make everything in `products.json` that is not there yet; `ids` are the members by their keys."""
    raw = json.loads((folder / "products.json").read_text("utf-8"))
    teams: dict[str, Any] = {}
    for each in raw["teams"]:
        with transaction.atomic():  # a break leaves nothing half made
            teams[each["key"]] = _team(each, teams, ids, now)
    runs = {each["key"]: each["runs"] for each in raw["products"] if "runs" in each}
    made: dict[str, Any] = {}
    systems = sorted(enumerate(raw["products"]), key=lambda pair: "runs" in pair[1])
    for place, each in systems:  # what runs on others comes first
        above = made.get(runs.get(each["key"], ""))
        with transaction.atomic():
            made[each["key"]] = _product(each, place, above, teams, folder, ids, now)
    for key, owners in raw["devices"].items():
        for number, owner in enumerate(owners):
            nickname = raw["nicknames"].get(owner, {}).get(key, "")
            _device(made[key], ids[owner], nickname, number, now)


def _english(each: dict[str, Any]) -> dict[str, Any]:
    english = {name: each[key] for name, key in (("name", "en"), ("line", "line_en")) if key in each}
    return {"en": english} if english else {}


def _team(each: dict[str, Any], teams: dict[str, Any], ids: dict[str, int], now: datetime) -> Any:
    try:
        team = queries.find_team(each["key"])
    except Missing:
        parent = teams.get(each.get("parent", ""))
        team = products.make_team(
            each["name"],
            slug=each["key"],
            line=each["line"],
            translations=_english(each),
            zone=ZONE,
            parent_id=parent.pk if parent else None,
            now=now,
        )
        products.set_hours(team, each.get("hours", WEEK), zone=ZONE, holidays=[], now=now)
    for key, part in each["people"].items():
        member = member_queries.by_id(ids[key])
        if member is not None:
            products.give_part(team, member, part, on_call=key in each.get("on_call", ()), now=now)
    return team


def _product(
    each: dict[str, Any],
    place: int,
    runs: Any,
    teams: dict[str, Any],
    folder: Path,
    ids: dict[str, int],
    now: datetime,
) -> Any:
    try:
        return queries.find_product(each["key"])
    except Missing:
        pass
    product = products.make_product(
        each["name"],
        slug=each["key"],
        line=each["line"],
        translations=_english(each),
        icon=each["icon"],
        position=place,
        team_id=teams[each["team"]].pk,
        runs_id=runs.pk if runs else None,
        now=now,
    )
    for name, english, team in each.get("modules", ()):
        own = teams[team].pk if team else None
        products.add_module(product, name, translations={"en": {"name": english}}, team_id=own, now=now)
    for version in reversed(each.get("versions", [])):
        _version(product, version, now)
    keeper = member_queries.by_id(next(iter(ids.values())))
    if "picture" in each and keeper is not None:
        data = (folder / "pictures" / each["picture"]).read_bytes()
        products.set_picture(product, data, name=each["name"], by=keeper, now=now)
    return product


def _version(product: Any, each: dict[str, Any], now: datetime) -> None:
    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    up = each.get("up", [])
    first = "closed" if up else each["channel"]
    version = products.plan_version(product, each["number"], channel=first, note=each["note"], now=now)
    if "days_ago" in each:
        products.release_version(version, at=ago(each["days_ago"]), now=now)
    for channel, days in up:
        products.raise_version(version, channel, now=ago(days))
    for number, days, note in each.get("builds", ()):
        products.add_build(version, number, note=note, at=ago(days), channel=first, now=now)


def _device(product: Any, member_id: int, nickname: str, number: int, now: datetime) -> None:
    member = member_queries.by_id(member_id)
    if member is None:
        return
    since = (now - timedelta(days=400 - number * 29)).date()
    device = products.add_device(member, product, nickname=nickname, since=since, now=now)
    mine = queries.find_device(member_id, device.pk)
    versions = queries.version_choices(mine)
    if versions and mine.version_id is None:
        chosen = versions[min(number % 3 + 1, len(versions) - 1)]  # few have the newest
        changes = {"build": "", "nickname": mine.nickname, "since": mine.since, "shown": mine.shown}
        products.edit_device(mine, member=member, version_id=int(chosen[0]), now=now, **changes)
