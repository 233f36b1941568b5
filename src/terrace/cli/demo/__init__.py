"""The demo community: a fictional maker of phones and lamps, in the words of `community.json` and `topics-*.jsonl`."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from terrace.cli.demo import making
from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum_queries
from terrace.kernel import clock, deliveries, options, words
from terrace.kernel.errors import Refused
from terrace.kernel.models import EventRow
from terrace.media import actions as media
from terrace.media import queries as media_queries
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.memberships import actions as memberships
from terrace.moderation import actions as moderation

HERE = Path(__file__).parent
GROWTH = {1: 0, 2: 30, 3: 120, 4: 290, 5: 760, 6: 1900, 7: 4600, 8: 9200}
WRITTEN_TO = {"qingchuan", "priya"}  # so that the outbox shows a letter in each language
SHOWN = ["administrator", "operator", "moderator", "engineer", "member", "newcomer"]


def fill(*, progress: bool = False, deliver: bool = True) -> bool:
    """Fill the demo community; return whether there was anything to do. Running it again after a break goes on.

    Without `deliver`, search and notices hear of it from the worker of the server that starts next. Raises Refused where
    the database holds a community that the demo did not make.
    """
    now = clock.now()
    check_free()
    community = json.loads((HERE / "community.json").read_text("utf-8"))
    topics = list(_topics())
    last = f"demo:{topics[-1]['key']}"
    if forum.is_imported(last):
        return False
    if not is_marked():
        options.put("members.demo", [], now)  # first, so that a break leaves a database that is known for the demo's
        options.forget()
    options.put("brand.name", community["brand"]["name"], now)
    options.put("brand.line", community["brand"]["line"], now)
    options.put("brand.more", community["brand"]["more"], now)
    ids = _members(community["members"], now)
    options.put("members.demo", sorted(ids.values()), now)
    boards = _boards(community["boards"], now)
    making.fill(HERE, ids, now)
    staff = frozenset(ids[each["key"]] for each in community["members"] if each["role"])
    pictures, waiting = _by_topic("pictures.json"), _by_topic("queue.json")
    with Progress(console=Console(stderr=True), disable=not progress) as bar:
        task = bar.add_task("Filling the demo community", total=len(topics))
        for topic in topics:
            if not forum.is_imported(f"demo:{topic['key']}"):
                _hang(pictures.get(topic["key"], []), topic, ids, now)
                with transaction.atomic():
                    made = forum.import_thread(_thread(topic, ids, staff, now), boards[topic["board"]], now=now)
                    _let_wait(waiting.get(topic["key"], []), made, ids, now)
            bar.advance(task)
        while deliver and deliveries.drain(clock.now(), outside=False):
            pass
    return True


def is_marked() -> bool:
    """Return whether the data are the demo's, whole or begun."""
    return options.get("members.demo") is not None


def check_free() -> None:
    """Raise Refused where the database holds anything that the demo did not make. Looks at the database, not at what is remembered."""
    options.forget()
    forum_policies.forget_tree()
    if not is_marked() and (EventRow.objects.exists() or member_queries.any_here() or forum_policies.tree().boards):
        raise Refused(
            "This database holds a community of its own, and the demo would let anybody in as its administrator."
            " Nothing was changed. Choose an empty folder for the demo with TERRACE_DATA"
            " (and no TERRACE_DATABASE_URL), or serve this one without --demo and TERRACE_DEMO."
        )


def _topics() -> Iterator[dict[str, Any]]:
    for file in sorted(HERE.glob("topics-*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _by_topic(name: str) -> dict[str, list[dict[str, Any]]]:
    """Return the things of a file by the key of their topic."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads((HERE / name).read_text("utf-8")):
        found.setdefault(each["topic"], []).append(each)
    return found


def _hang(pictures: list[dict[str, Any]], topic: dict[str, Any], ids: dict[str, int], now: datetime) -> None:
    """Put pictures below the first paragraph of their posts."""
    for each in reversed(pictures):
        post = topic["posts"][each["post"]]
        data = (HERE / "pictures" / each["file"]).read_bytes()
        upload = media.keep_image(data, member_id=ids[post["author"]], name=each["alt"], now=now, again=True)
        first, _gap, rest = post["text"].partition("\n\n")
        post["text"] = f"{first}\n\n![{each['alt']}]({media_queries.address_of(upload)})\n\n{rest}"


def _let_wait(things: list[dict[str, Any]], topic: Any, ids: dict[str, int], now: datetime) -> None:
    """Write what the moderators of the demo find in their queue: held, flagged, appealed."""

    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    def somebody(key: str) -> Any:
        return member_queries.by_id(ids[key])

    for each in sorted(things, key=lambda thing: -thing["minutes_ago"]):
        author, at = somebody(each["author"]), ago(each["minutes_ago"])
        topic.refresh_from_db()
        post = forum.reply(author, topic, source=each["text"], now=at)
        for place, flag in enumerate(each.get("flags", ()), 1):
            later = at + timedelta(minutes=7 * place)
            moderation.flag(post, by=somebody(flag["by"]), reason=flag["reason"], text=flag["text"], now=later)
        if decided := each.get("decided"):
            by, at = somebody(decided["by"]), ago(decided["minutes_ago"])
            flag = moderation.flag(post, by=by, reason=decided["category"], now=at)
            decision = moderation.decide(flag.case, "hide", by=by, message=decided["message"], now=at)
            moderation.appeal(decision, by=author, text=decided["appeal"], now=ago(decided["appealed_minutes_ago"]))


def _members(people: list[dict[str, Any]], now: datetime) -> dict[str, int]:
    """Make the members; return their ids by the keys of the file."""
    ids = {}
    for place, each in enumerate(people):
        known = member_queries.by_handles([words.skeleton(each["handle"])])
        joined = now - timedelta(days=30 + (len(people) - place) * 5 if each["level"] > 1 else 1)
        if known:
            ids[each["key"]] = next(iter(known.values())).id
        else:
            made = members.create_member(
                each["handle"],
                email=f"{each['key']}@example.com",
                role=each["role"] or "member",
                team=each["team"] or "",
                city=each["city"] or "",
                bio=each["bio"] or "",
                language="en" if each["lang"] == "en" else "zh-hans",
                now=joined,
            )
            ids[each["key"]] = made.pk
            members.set_growth(made.pk, GROWTH[each["level"]] + int(_chance(each["key"]) * 20), now)
            if each["key"] in WRITTEN_TO:
                members.tell_security(made, "password_changed", key=f"demo-{made.pk}")
    for each in people:
        for key in each.get("groups", ()):
            memberships.give(_group(key), ids[each["key"]], reason="demo", now=now)
        for other in each.get("follows", ()):
            one, two = member_queries.by_id(ids[each["key"]]), member_queries.by_id(ids.get(other, 0))
            if one is not None and two is not None:
                members.follow(one, two, now=now)
    return ids


def _group(key: str) -> Any:
    return memberships.ensure_group(key, {"beta": "内测组"}.get(key, key))


def _boards(boards: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Make the boards with their rules; return them by the keys of the file."""
    made: dict[str, Any] = {}
    icons = json.loads((HERE / "icons.json").read_text("utf-8")) if (HERE / "icons.json").exists() else {}
    for place, each in enumerate(boards):
        board = forum_queries.find_board(each["key"])
        rules = each.get("rules", {})
        if board is None:
            board = forum.create_board(
                each["name"]["zh"],
                slug=each["key"],
                parent=made.get(each["parent"]),
                line=each["line"]["zh"],
                translations={"en": {"name": each["name"]["en"], "line": each["line"]["en"]}},
                icon=icons.get(each["key"], "messages-square"),
                position=place,
                premoderated=rules.get("premoderated", False),
                slow_seconds=rules.get("slow_seconds", 0),
                now=now,
            )
            _rules(board, rules, now)
        made[each["key"]] = board
    return made


def _rules(board: Any, rules: dict[str, Any], now: datetime) -> None:
    see = rules.get("see", "everyone")
    if see.startswith("group:"):
        group = _group(see.partition(":")[2])
        forum.set_rule(board, "see", audience="members", group_id=group.pk, now=now)
    elif see in {"members", "staff"}:
        forum.set_rule(board, "see", audience=see, now=now)
    if "open" in rules:
        forum.set_rule(board, "open", audience=rules["open"], now=now)
    for act, name in (("open", "open_level"), ("reply", "reply_level")):
        if name in rules:
            forum.set_rule(board, act, audience="members", level=rules[name], now=now)


def _chance(seed: str) -> float:
    """Return a number in [0, 1) that is the same at every run."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) / 2**48


def _thread(topic: dict[str, Any], ids: dict[str, int], staff: frozenset[int], now: datetime) -> forum.Thread:
    at = now - timedelta(days=topic["days_ago"])
    posts = []
    for n, post in enumerate(topic["posts"]):
        at = min(at + timedelta(minutes=post.get("after_minutes") or 0), now - timedelta(seconds=30))
        posts.append(
            forum.ThreadPost(
                n=n,
                author=post["author"],
                reply_to=post.get("reply_to"),
                text=post["text"],
                at=at,
                reactions={kind: [ids[key] for key in keys] for kind, keys in (post.get("reactions") or {}).items()},
                accepted=bool(post.get("accepted")),
            )
        )
    return forum.Thread(
        key=f"demo:{topic['key']}",
        title=topic["title"],
        posts=_one_reaction_each(posts, ids),
        kind=topic["kind"],
        tags=topic.get("tags", []),
        members=ids,
        staff=staff,
        poll=_poll(topic.get("poll"), ids),
        pinned=bool(topic.get("pinned")),
        featured=bool(topic.get("featured")),
        views=len(posts) * 23 + int(_chance(topic["key"]) * 900),
    )


def _one_reaction_each(posts: list[forum.ThreadPost], ids: dict[str, int]) -> list[forum.ThreadPost]:
    """Drop a second reaction of one member to one post, and reactions to one's own."""
    for post in posts:
        met = {ids[post.author]}
        for kind, people in post.reactions.items():
            post.reactions[kind] = [each for each in dict.fromkeys(people) if each not in met]
            met.update(post.reactions[kind])
    return posts


def _poll(raw: dict[str, Any] | None, ids: dict[str, int]) -> forum.ThreadPoll | None:
    if not raw:
        return None
    votes = {ids[key]: places for key, places in raw.get("votes", {}).items()}
    return forum.ThreadPoll(raw["choices"], len(raw["choices"]) if raw.get("multiple") else 1, votes)


def one_of_each() -> list[tuple[str, str, str]]:
    """Return (kind of person, handle, e-mail) for the people whom a visitor may become with one click."""
    people = json.loads((HERE / "community.json").read_text("utf-8"))["members"]
    found = []
    for kind in SHOWN:
        if kind == "newcomer":
            match = next((each for each in people if not each["role"] and each["level"] == 1), None)
        elif kind == "member":
            match = next((each for each in people if not each["role"] and each["level"] >= 5), None)
        else:
            match = next((each for each in people if each["role"] == kind), None)
        if match:
            found.append((kind, match["handle"], f"{match['key']}@example.com"))
    return found


def how_to_sign_in(base: str) -> str:
    """Return the lines that tell how to become each kind of person in the demo."""
    lines = [
        "Sign in with one click at",
        f"  {base}/demo/",
        "as " + ", ".join(f"{kind} {handle}" for kind, handle, _email in one_of_each()) + ".",
    ]
    return "\n".join(
        [*lines, f"Mail and text messages of the demo are at {base}/demo/outbox/ (as the administrator).", ""]
    )
