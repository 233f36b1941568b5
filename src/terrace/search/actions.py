"""Keeping the index at the present state of the forum and the members."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from itertools import islice

from django.db import transaction

from terrace.forum import queries as forum  # noqa: F401  the package is loaded before its parts
from terrace.forum.queries import indexing
from terrace.forum.queries.indexing import Indexed
from terrace.kernel import events, locks, options, words
from terrace.members import queries as members
from terrace.search import policies
from terrace.search.events import ProductWordsChosen
from terrace.search.models import BATCH, Document, MemberName, Rebuild

LONGEST = 50_000  # characters of one post that are indexed
TOPICS, MEMBERS = "topics", "members"
STEP = 50  # topics, or ten times as many members, for one transaction of a rebuild
SHOWN = 10  # product words that an entry of the audit log names
SUFFIXES = 4  # places inside a handle at which somebody may begin to type it

Progress = Callable[[int, int], None]


def index_post(post_id: int) -> None:
    """Let the index hold a post as it is now, or not at all. Where the first post comes or goes, its topic does."""
    topic_id = indexing.topic_of_post(post_id)
    if topic_id is None:
        return
    with transaction.atomic():
        locks.hold(f"search:{topic_id}")
        found = indexing.document_of_post(post_id)
        known = Document.objects.filter(topic_id=topic_id)
        if found is None:
            stands = indexing.has_standing_posts(topic_id)
            Document.objects.drop([post_id] if stands else known.values_list("pk", flat=True))
        elif found.number == 1 and not known.filter(pk=post_id).exists():
            _index([topic_id])
        else:
            _put([found])


def index_topic(topic_id: int) -> None:
    """Let the index hold every post of a topic as it is now: moved, renamed, tagged, solved, imported, gone."""
    with transaction.atomic():
        locks.hold(f"search:{topic_id}")
        _index([topic_id])


def _index(topic_ids: list[int], *, afresh: bool = False) -> None:
    standing: set[int] = set()
    found = indexing.documents_of_topics(topic_ids)
    while rows := list(islice(found, BATCH)):
        standing |= {row.post_id for row in rows}
        _put(rows, afresh=afresh)
    known = Document.objects.filter(topic_id__in=topic_ids).values_list("pk", flat=True)
    Document.objects.drop(set(known) - standing)


def _put(rows: list[Indexed], *, afresh: bool = False) -> None:
    """Write what differs from the index. Words are made again only where the text is another one, or `afresh`."""
    columns = ("words", "digest", "marks", "board_id", "author_id")
    known = {
        row[0]: row[1:]
        for row in Document.objects.filter(pk__in=[each.post_id for each in rows]).values_list("pk", *columns)
    }
    changed = []
    for row in rows:
        made, digest, *rest = known.get(row.post_id, ("", "", "", 0, 0))
        now_digest = _digest(row)
        if digest != now_digest or afresh:
            made = " ".join(policies.tokens(f"{row.title}\n{row.text[:LONGEST]}"))
        marks = _marks(row)
        if afresh or [digest, *rest] != [now_digest, marks, row.board_id, row.author_id]:
            changed.append(_document(row, made, now_digest, marks))
    Document.objects.put(changed)


def _document(row: Indexed, made: str, digest: str, marks: str) -> Document:
    return Document(
        post_id=row.post_id,
        topic_id=row.topic_id,
        board_id=row.board_id,
        author_id=row.author_id,
        number=row.number,
        topic_kind=row.topic_kind,
        solved=row.solved,
        created_at=row.created_at,
        day=policies.day_of(row.created_at),
        length=len(row.text),
        digest=digest,
        marks=marks,
        words=made,
    )


def _digest(row: Indexed) -> str:
    return hashlib.blake2b(f"{row.title}\0{row.text}".encode(errors="replace"), digest_size=8).hexdigest()


def _marks(row: Indexed) -> str:
    marks = [f"b:{row.board_id}", f"a:{row.author_id}", f"k:{policies.token(row.topic_kind)}"]
    marks += [f"g:{tag_id}" for tag_id in row.tags]
    marks += ["s:1"] if row.solved else []
    marks += [f"t:{token}" for token in dict.fromkeys(policies.tokens(row.title))]
    return " ".join(marks)


def forget_author(member_id: int) -> None:
    """Take a departed member out of the index: found neither by name nor as an author. What they wrote stays findable."""
    with transaction.atomic():
        MemberName.objects.filter(member_id=member_id).delete()
        rows = Document.objects.filter(author_id=member_id).order_by("pk")
        while some := list(rows[:BATCH]):
            for row in some:
                row.author_id = None
                row.marks = " ".join(mark for mark in row.marks.split(" ") if mark != f"a:{member_id}")
            Document.objects.put(some)


def index_member(member_id: int) -> None:
    """Let a member be found under the present handle, or under none after they have left."""
    with transaction.atomic():
        locks.hold(f"search:member:{member_id}")
        _index_members([member_id])


def _index_members(ids: list[int]) -> None:
    here = members.visible().filter(pk__in=ids, claimed=True).values_list("pk", "handle")
    wanted = {(pk, key) for pk, handle in here for key in keys_of(handle)}
    known = set(MemberName.objects.filter(member_id__in=ids).values_list("member_id", "key"))
    for pk, key in known - wanted:
        MemberName.objects.filter(member_id=pk, key=key).delete()
    MemberName.objects.bulk_create(
        [MemberName(member_id=pk, key=key) for pk, key in sorted(wanted - known)], batch_size=200
    )


def keys_of(handle: str) -> set[str]:
    """Return what the beginning of a query may be for a member to be found: handle, its later words, pinyin, initials."""
    keys = {policies.name_key(handle), words.pinyin(handle), words.pinyin_initials(handle)}
    parts = words.segment(handle)
    keys |= {policies.name_key("".join(parts[at:])) for at in range(1, min(len(parts), SUFFIXES))}
    return {key[:120] for key in keys if key}


def choose_words(listed: list[str], *, by: int, now: datetime) -> None:
    """Set the operator's words: a search and a title are read with them from now on. The index stays as it is.

    Raises ValueError for a list that the option refuses.
    """
    before = options.get(policies.WORDS)
    if listed == before:
        return
    added, taken = [each for each in listed if each not in before], [each for each in before if each not in listed]
    with transaction.atomic():
        options.put(policies.WORDS, listed, now)
        events.record(ProductWordsChosen(policies.WORDS, _some(added), _some(taken)), now=now, actor_id=by)
        transaction.on_commit(policies.learn_words)


def _some(listed: list[str]) -> str:
    """Return the words for a line of the audit log: all of a few, the first of many."""
    return ", ".join(listed[:SHOWN]) + (f" … +{len(listed) - SHOWN}" if len(listed) > SHOWN else "") or "–"


def reindex(progress: Progress | None = None) -> int:
    """Build the whole index again from the forum and the members; return how many topics were read.

    It works in short transactions beside a running server and may be cut off at any time: the next call goes on after the
    last finished step. `progress` is called with (done, total) topics after every step.
    """
    total, done = indexing.topic_total(), 0
    after = _resume(TOPICS)
    while some := indexing.topic_ids_after(after, STEP):
        with transaction.atomic():
            locks.hold(*(f"search:{topic_id}" for topic_id in some))
            _index(some, afresh=True)
            after = _finish_step(TOPICS, some[-1])
        done += len(some)
        if progress:
            progress(done, max(total, done))
    after = _resume(MEMBERS)
    while some := list(members.visible().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: STEP * 10]):
        with transaction.atomic():
            _index_members(some)
            after = _finish_step(MEMBERS, some[-1])
    Rebuild.objects.all().delete()
    return done


def _resume(part: str) -> int:
    return Rebuild.objects.get_or_create(part=part)[0].after


def _finish_step(part: str, last: int) -> int:
    Rebuild.objects.filter(part=part).update(after=last)
    return last
