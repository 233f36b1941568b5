# Ordered by hand: the long columns stand last, because SQLite reads a row from its beginning, through every overflow
# page before the column it wants. Django's own order puts foreign keys last. A test in tests/test_actions.py holds this.
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BELOW = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+"}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("forum", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("post", models.OneToOneField(primary_key=True, serialize=False, to="forum.post", **BELOW)),
                ("topic", models.ForeignKey(to="forum.topic", **BELOW)),
                ("board", models.ForeignKey(to="forum.board", **BELOW)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("topic_kind", models.CharField(max_length=20)),
                ("solved", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "day",
                    models.IntegerField(help_text="of the post, counted from 1970, for ranking without reading dates"),
                ),
                ("length", models.PositiveIntegerField(help_text="characters of the post")),
                (
                    "digest",
                    models.CharField(help_text="of the title and text that `words` was made from", max_length=16),
                ),
                ("marks", models.TextField()),
                ("words", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="MemberName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=120)),
                ("member", models.ForeignKey(to=settings.AUTH_USER_MODEL, **BELOW)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("member", "key"), name="member_name_once")]},
        ),
        migrations.CreateModel(
            name="Rebuild",
            fields=[
                ("part", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("after", models.BigIntegerField(default=0, help_text="the last id that is done")),
            ],
        ),
    ]
