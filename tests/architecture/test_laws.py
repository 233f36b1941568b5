"""Every law holds in the house, and every law is seen to fail on a planted fault."""

from pathlib import Path

import pytest

from tests.architecture import laws

PACKAGE = Path(__file__).parents[2] / "src" / "terrace"

# Law → (file, text) that breaks it.
FAULTS = {
    "rooms_have_floors": ("attic/__init__.py", ""),
    "doors": ("forum/actions.py", "from terrace.members.forms import SignUpForm\n"),
    "foreign_keys": ("media/models.py", 'owner = models.ForeignKey("members.Member", related_name="+")\n'),
    "request_stops_at_views": ("forum/actions.py", "def open_topic(request):\n    pass\n"),
    "now_is_passed_in": ("forum/queries.py", "def latest():\n    return clock.now()\n"),
    "views_do_not_touch_tables": ("forum/views.py", "def topic_open(request):\n    Topic.objects.get(pk=1)\n"),
    "no_callbacks": ("forum/models.py", "class Topic(models.Model):\n    def save(self):\n        pass\n"),
    "furniture": ("forum/utils.py", ""),
    "readmes": ("forum/README.md", "line\n" * 16),
    "short_files": ("forum/actions.py", "pass\n" * 401),
    "templates": ("forum/templates/forum/topic.html", '<form hx-post="/x"><p style="color: red">'),
}


@pytest.mark.parametrize("law", laws.ALL, ids=lambda law: law.__name__)
def test_law_holds(law):
    assert law(PACKAGE) == []


@pytest.mark.parametrize("law", laws.ALL, ids=lambda law: law.__name__)
def test_law_fails_on_a_planted_fault(law, tmp_path):
    for room in ("forum", "members", "media", "kernel"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
        (tmp_path / room / "README.md").write_text("one line\n")
    assert law(tmp_path) == []
    name, text = FAULTS[law.__name__]
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert law(tmp_path) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("forum/models.py", 'a = models.ForeignKey(Member, related_name="+")\n'),
        ("forum/models.py", 'a = models.ForeignKey("members.Member")\n'),
        ("forum/models.py", 'a = models.ForeignKey("search.Document", related_name="+")\n'),
    ],
)
def test_each_part_of_the_law_of_foreign_keys_fails(name, text, tmp_path):
    (tmp_path / "forum").mkdir()
    (tmp_path / name).write_text(text)
    assert laws.foreign_keys(tmp_path) != []


@pytest.mark.parametrize(
    "text", ['<p onclick="x()">', "<script>x()</script>", '<img src="https://cdn.example.com/a.png">', "{{ x|safe }}"]
)
def test_each_part_of_the_law_of_templates_fails(text, tmp_path):
    file = tmp_path / "forum" / "templates" / "forum" / "page.html"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert laws.templates(tmp_path) != []
