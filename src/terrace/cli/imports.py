"""`terrace import`: conversations from a file."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from terrace.cli import house

TITLE = 60  # characters of a title made from a first sentence
SPAN = timedelta(days=180)
LONGEST = 100_000  # characters of one post
ENDS = "。！？!?；;\n…"


@click.group()
def command() -> None:
    """Bring conversations in from elsewhere."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day of the span that times are spread over [180 days before the last].",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of that span [today].")
@click.option(
    "--board",
    default="imported",
    show_default=True,
    help="Address of the board that takes the threads; made if it is not there.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
def threads(file: Path, since: datetime | None, until: datetime | None, board: str, dry_run: bool) -> None:
    """Bring in threads, one JSON object a line: {id, posts: [{n, author, reply_to, text}], ...}."""
    house.open_house()
    missing = house.unapplied()
    if missing:
        house.migrate()
    from terrace.kernel import clock

    now = clock.now()
    end = until.replace(tzinfo=UTC) + timedelta(days=1) if until else now
    start = since.replace(tzinfo=UTC) if since else end - SPAN
    if start >= end:
        raise click.UsageError("--since must be before --until.")
    lines = file.read_bytes().split(b"\n")
    tally = Tally(total=sum(bool(line.strip()) for line in lines))
    _run(lines, file.stem, board, (start, min(end, now)), dry_run, tally)
    tally.tell(dry_run)
    if tally.problems:
        sys.exit(1)


@dataclass
class Tally:
    """What became of the lines."""

    total: int
    added: int = 0
    posts: int = 0
    known: int = 0
    problems: list[str] = field(default_factory=list)

    def tell(self, dry_run: bool) -> None:
        """Write the summary."""
        verb = "would be added" if dry_run else "added"
        print(
            f"{self.total} threads read: {self.added} {verb} with {self.posts} posts, {self.known} here already, {len(self.problems)} failed."
        )


def _run(
    lines: list[bytes], source: str, slug: str, span: tuple[datetime, datetime], dry_run: bool, tally: Tally
) -> None:
    from terrace.kernel import clock

    target = None if dry_run else _board(slug, clock.now())
    seen: set[str] = set()
    with _progress() as progress:
        bar = progress.add_task("Importing threads", total=tally.total)
        for number, line, place in _numbered(lines, tally.total):
            try:
                thread = read_thread(line, source, place, span)
                _bring_in(thread, target, seen, tally)
            except ValueError as error:
                problem = f"line {number}: {error}"
                tally.problems.append(problem)
                progress.console.print(problem, style="red", markup=False, highlight=False)
            progress.advance(bar)
        if not dry_run:
            _deliver(progress)


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))


def _numbered(lines: list[bytes], total: int) -> Iterator[tuple[int, bytes, float]]:
    """Yield (line number, line, place between 0 and 1) for lines that are not empty."""
    met = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, line, met / max(total, 1)
            met += 1


def _board(slug: str, now: datetime) -> Any:
    from terrace.forum import actions, queries

    found = queries.find_board(slug)
    if found is not None:
        return found
    return actions.create_board(
        "从别处来" if slug == "imported" else slug,
        slug=slug,
        now=now,
        translations={"en": {"name": "From elsewhere"}} if slug == "imported" else {},
        icon="download",
    )


def _bring_in(thread: Any, target: Any, seen: set[str], tally: Tally) -> None:
    from terrace.forum import actions
    from terrace.kernel import clock

    if thread.key in seen:
        raise ValueError(f"the id {thread.key.partition(':')[2]!r} stands on an earlier line too")
    seen.add(thread.key)
    if target is None:
        new = not actions.is_imported(thread.key)
    else:
        new = actions.import_thread(thread, target, now=clock.now()) is not None
    if not new:
        tally.known += 1
    else:
        tally.added += 1
        tally.posts += len(thread.posts)


def _deliver(progress: Progress) -> None:
    """Let search hear of the threads now, whether or not a server runs."""
    from terrace.kernel import clock, deliveries

    total, made = _waiting(), 0
    bar = progress.add_task("Indexing", total=total)
    while tried := deliveries.drain(clock.now(), outside=False):
        made += tried
        if made >= total:  # what was delivered may have made more to deliver
            total = made + _waiting()
        progress.update(bar, completed=made, total=total)


def _waiting() -> int:
    from terrace.kernel import clock, deliveries

    return len(deliveries.due_ids(clock.now(), sys.maxsize, outside=False))


def read_thread(line: bytes, source: str, place: float, span: tuple[datetime, datetime]) -> Any:
    """Return the thread on a line. Raises ValueError with a sentence about what is wrong with it."""
    from terrace.forum import actions

    try:
        raw = json.loads(line)
    except UnicodeDecodeError as error:
        raise ValueError("this is not UTF-8; write the file in that encoding") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is not JSON: {error}") from error
    _check_whole(line, raw)
    if not isinstance(raw, dict):
        raise ValueError("a thread is a JSON object with id and posts")
    name = raw.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 80:
        raise ValueError("id must be a text of 1 to 80 characters")
    posts = _posts(raw.get("posts"))
    times = _times(posts, place, span)
    before, after = _others(raw)
    return actions.Thread(
        key=f"{source[:39]}:{name}",
        title=title_of(posts[0]["text"]),
        posts=[
            actions.ThreadPost(n=post["n"], author=post["author"], reply_to=post["reply_to"], text=post["text"], at=at)
            for post, at in zip(posts, times, strict=True)
        ],
        data={"numbers": [post["n"] for post in posts], "kept": before, "kept_after": after},
    )


def _others(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a thread says beside id and posts: what stood before the posts, and what stood after."""
    names = list(raw)
    at = names.index("posts")
    before = {name: raw[name] for name in names[:at] if name != "id"}
    return before, {name: raw[name] for name in names[at + 1 :] if name != "id"}


def _check_whole(line: bytes, raw: Any) -> None:
    """Raise ValueError for half of a character, which no database keeps; JSON can hold one as an escape or as bytes."""
    if b"\\ud" not in line.lower() and b"\xed" not in line:
        return
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ValueError(
            f"it holds half of a character (\\u{code:04x} without its other half); write the character whole"
        ) from error


def _posts(raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("posts must be a list with at least one post")
    posts: list[dict[str, Any]] = []
    known: set[int] = set()
    for place, post in enumerate(raw):
        if not isinstance(post, dict):
            raise ValueError(f"post {place} is not an object")
        posts.append(_post(post, place, known))
        known.add(post["n"])
    return posts


def _post(post: dict[str, Any], place: int, known: set[int]) -> dict[str, Any]:
    n, author, text, reply_to = (post.get(name) for name in ("n", "author", "text", "reply_to"))
    if not isinstance(n, int) or isinstance(n, bool) or n in known:
        raise ValueError(f"post {place}: n must be a whole number that no earlier post has")
    if not isinstance(author, str) or not 0 < len(author) <= 40:
        raise ValueError(f"post {n}: author must be a text of 1 to 40 characters")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or "\x00" in text:
        raise ValueError(f"post {n}: text must be 1 to {LONGEST:,} characters")
    if reply_to is not None and reply_to not in known:
        raise ValueError(f"post {n}: it answers {reply_to!r}, which is not an earlier post")
    return {"n": n, "author": author, "text": text, "reply_to": reply_to}


def _times(posts: list[dict[str, Any]], place: float, span: tuple[datetime, datetime]) -> list[datetime]:
    """Spread posts over the span: threads evenly by their place in the file, their posts some minutes apart."""
    start, end = span
    first = start + (end - start) * place
    # A thread near the end must not run into the future, so its posts come closer together.
    step = min(timedelta(minutes=11), (end - first) / (len(posts) + 1))
    return [first + step * number for number in range(len(posts))]


def title_of(text: str) -> str:
    """Return a title made from the first sentence of a text."""
    line = " ".join(next((line for line in text.splitlines() if line.strip()), text).split())
    end = next((place for place, sign in enumerate(line) if sign in ENDS and place >= 4), len(line))
    sentence = line[:end].strip() or line
    if len(sentence) <= TITLE:
        return sentence
    cut = max(sentence.rfind(comma, 8, TITLE) for comma in "，,、 ")
    return (sentence[:cut] if cut > 8 else sentence[: TITLE - 1]).rstrip("，,、 ") + "…"
