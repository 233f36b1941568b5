"""The full-text index over documents: an FTS5 table on SQLite, a generated tsvector with GIN on PostgreSQL.

The FTS5 table holds no text (`content` is the table of documents) and no positions (`detail=none`, `columnsize=0`): a document is a set
of words. Its tokenizer is `ascii`, which folds nothing and splits only at ASCII signs: `kernel.words` has done all of that. The tsvector
is made from an array for the same reason, so that neither back end reads a text in its own way. The list of
pending words is kept short (256 kB), because every query walks it.
"""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE search_index USING fts5(
    words, marks, content='search_document', content_rowid='post_id', detail=none, columnsize=0, tokenize="ascii tokenchars ':'"
)
"""
POSTGRES = [
    """
    ALTER TABLE search_document ADD COLUMN tokens tsvector
    GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(words || ' ' || marks, ' '), ''))) STORED
    """,
    "ALTER TABLE search_document ALTER COLUMN tokens SET STATISTICS 1000",
    "CREATE INDEX search_tokens ON search_document USING gin (tokens) WITH (gin_pending_list_limit = 256)",
]


def make(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(SQLITE)
    elif editor.connection.vendor == "postgresql":
        for statement in POSTGRES:
            editor.execute(statement)


def drop(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE search_index")
    elif editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE search_document DROP COLUMN tokens")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
