"""The index. A document is one post that stands, as the set of words under which it can be found.

`words` comes from `kernel.words.index_text`. `marks` are words that nobody can type, because they hold a colon: `t:…` for
each word of the title (first post only), and what can be filtered by: `b:3` board, `a:7` author, `g:9` tag, `k:question`
kind of topic, `s:1` solved. On SQLite both columns are read by the FTS5 table `search_index`, which keeps no copy of them;
on PostgreSQL by the generated tsvector column `tokens` under a GIN index. Migration 0002 makes either.
"""

from collections.abc import Iterable

from django.db import connections, models, router

BATCH = 400  # rows for one statement: SQLite may be built to take 999 values


class DocumentQuerySet(models.QuerySet):
    """Writes that keep the full-text index in step. Nothing else writes documents."""

    def put(self, rows: list["Document"]) -> None:
        """Insert documents, or replace those of the same posts. Call it in a transaction."""
        columns = [field.attname for field in Document._meta.fields if not field.primary_key]
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            ids = [row.post_id for row in some]
            self._leave_index(ids)
            Document.objects.bulk_create(
                some, update_conflicts=True, unique_fields=["post_id"], update_fields=columns, batch_size=BATCH // 8
            )
            self._enter_index(ids)

    def drop(self, post_ids: Iterable[int]) -> int:
        """Delete the documents of these posts; return how many there were. Call it in a transaction."""
        ids, dropped = list(post_ids), 0
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            self._leave_index(some)
            dropped += Document.objects.filter(pk__in=some).delete()[0]
        return dropped

    def _leave_index(self, ids: list[int]) -> None:
        # FTS5 keeps no text of its own, so it has to be told the words that go.
        self._on_sqlite(
            "INSERT INTO search_index(search_index, rowid, words, marks)"
            " SELECT 'delete', post_id, words, marks FROM search_document WHERE post_id IN ({})",
            ids,
        )

    def _enter_index(self, ids: list[int]) -> None:
        self._on_sqlite(
            "INSERT INTO search_index(rowid, words, marks)"
            " SELECT post_id, words, marks FROM search_document WHERE post_id IN ({})",
            ids,
        )

    def _on_sqlite(self, sql: str, ids: list[int]) -> None:
        connection = connections[router.db_for_write(Document)]
        if connection.vendor == "sqlite" and ids:
            with connection.cursor() as cursor:
                cursor.execute(sql.format(", ".join(["%s"] * len(ids))), ids)


class Document(models.Model):
    """One post in the index."""

    post = models.OneToOneField("forum.Post", primary_key=True, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    number = models.PositiveIntegerField()
    topic_kind = models.CharField(max_length=20)
    solved = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    day = models.IntegerField(help_text="of the post, counted from 1970, for ranking without reading dates")
    length = models.PositiveIntegerField(help_text="characters of the post")
    digest = models.CharField(max_length=16, help_text="of the title and text that `words` was made from")
    marks = models.TextField()
    words = models.TextField()

    objects = DocumentQuerySet.as_manager()


class MemberName(models.Model):
    """One way to find a member: the handle, what follows its first words, its pinyin, the initials of that."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="member_name_once")]


class Rebuild(models.Model):
    """How far a rebuild of the index has come, so that it goes on where it was cut off."""

    part = models.CharField(max_length=10, primary_key=True)
    after = models.BigIntegerField(default=0, help_text="the last id that is done")
