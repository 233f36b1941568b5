"""Chinese is complete: every sentence of every room has its translation, in the product's voice, and pages show it."""

import html.parser
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.utils import translation

from terrace.cli import messages
from terrace.forum import actions as forum
from terrace.kernel import catalogues
from terrace.members import actions as members

ROOMS = [room for room in messages.rooms() if messages.source(room).exists() or any(messages.collected(room))]
NAMES = [room.name for room in ROOMS]
HOLES = re.compile(r"%\(\w+\)[sd]|(?<!%)\{\w+\}")
CJK = r"[\u2e80-\u2fff\u3005-\u9fff\uf900-\ufaff\uff00-\uffef]"
TYPED_SPACE = re.compile(rf"{CJK} +[A-Za-z0-9%@#]|[A-Za-z0-9%s] +{CJK}")


def pairs(room: Path):
    """Yield (sentence, its Chinese) of a room."""
    for message in messages.translated(room):
        if message.id:
            yield messages.key(message)[1], message.string if isinstance(message.string, str) else message.string[0]


@pytest.mark.parametrize("room", ROOMS, ids=NAMES)
def test_nothing_is_missing_fuzzy_or_without_use(room):
    assert messages.update(room, write=False) == []


def test_no_sentence_is_said_in_two_ways():
    assert messages.said_twice() == []


@pytest.mark.parametrize("room", ROOMS, ids=NAMES)
def test_what_is_filled_in_stands_in_both_languages(room):
    wrong = [
        (english, chinese)
        for english, chinese in pairs(room)
        if not set(HOLES.findall(english)) <= set(HOLES.findall(chinese))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS, ids=NAMES)
def test_nothing_is_filled_in_that_the_sentence_does_not_give(room):
    wrong = []
    for message in messages.translated(room):
        if not message.id:
            continue
        given = set(HOLES.findall("".join([message.id] if isinstance(message.id, str) else message.id)))
        asked = set(HOLES.findall(message.string if isinstance(message.string, str) else message.string[0]))
        if not asked <= given:
            wrong.append((message.id, message.string))
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS, ids=NAMES)
def test_the_voice(room):
    for english, chinese in pairs(room):
        assert not TYPED_SPACE.search(chinese), f"a typed space between Chinese and Latin: {chinese!r}"
        assert not re.search(r"[!！]|亲[，。]|您", chinese), f"not our voice: {chinese!r}"
        assert not re.search(rf"{CJK}[,:;?]", chinese), f"half-width punctuation: {chinese!r}"
        assert '"' not in chinese, f"straight quotation marks: {chinese!r}"
        assert "!" not in english, f"not our voice: {english!r}"


def test_the_header_gives_one_plural_form():
    for room in ROOMS:
        catalogue = messages.translated(room)
        assert (catalogue.num_plurals, catalogue.plural_expr) == (1, "0"), room.name


def test_what_a_page_asks_for_at_runtime_is_what_was_collected():
    environment = engines["jinja2"].env
    for room in ROOMS:
        kept = {messages.key(message)[1] for message in messages.collected(room) if message.id}
        for file in sorted((room / "templates").rglob("*.html")):
            for line, _call, said in environment.extract_translations(file.read_text("utf-8")):
                first = said if isinstance(said, str) else said[0]
                assert not first or first in kept, f"{file}:{line}: {first!r} is not in the catalogue of {room.name}"


def test_gettext_finds_every_sentence_of_ours():
    """Django and allauth bring catalogues of their own; none of them may speak before us."""
    catalogues.compile_stale()
    with translation.override("zh-hans"):
        for room in ROOMS:
            for message in messages.translated(room):
                if not message.id:
                    continue
                if isinstance(message.id, str):
                    assert translation.gettext(message.id) == message.string, f"{room.name}: {message.id!r}"
                    continue
                for number in (0, 1, 2, 5, 21):
                    said = translation.ngettext(*message.id, number)
                    assert said == message.string[0], f"{room.name}: {message.id!r} for {number}"


def test_collecting_twice_changes_nothing_and_keeps_translations(tmp_path):
    room = tmp_path / "shop"
    (room / "templates" / "shop").mkdir(parents=True)
    page = room / "templates" / "shop" / "page.html"
    page.write_text(
        '{{ _("Buy it") }}{% trans n=n, c=n|string %}\n  {{ c }} piece{% pluralize n %}\n  {{ c }} pieces{% endtrans %}'
        '{{ pgettext("verb", "Post") }}{{ _("Post") }}',
        "utf-8",
    )
    (room / "actions.py").write_text('_("Sold to %(who)s")\nngettext("%(n)s day", "%(n)s days", 3)\n', "utf-8")
    assert len(messages.update(room, write=True)) == 6
    file = messages.source(room)
    file.write_text(
        file.read_text("utf-8").replace('msgid "Buy it"\nmsgstr ""', 'msgid "Buy it"\nmsgstr "买"'), "utf-8"
    )
    assert len(messages.update(room, write=True)) == 5
    once = file.read_text("utf-8")
    messages.update(room, write=True)
    assert file.read_text("utf-8") == once
    assert 'msgstr "买"' in once
    assert 'msgid "  %(c)s piece"' in once  # the line end after the block's head is cut, here as at runtime
    page.write_text("nothing", "utf-8")
    assert "no longer used: 'Buy it'" in messages.update(room, write=False)
    messages.update(room, write=True)
    assert "买" not in file.read_text("utf-8")
    shutil.rmtree(room)


class Shown(html.parser.HTMLParser):
    """Collect what a page shows or says: text, names, hints, titles. What is marked as another language stays out."""

    SAID = ("aria-label", "placeholder", "title", "alt", "data-words", "data-reply-label", "data-plain", "data-label")
    EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "path", "rect"}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.stack: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        """Note the language of the element, and what its attributes say."""
        given = dict(attrs)
        foreign = bool(self.stack and self.stack[-1][1]) or given.get("lang") == "en"
        foreign = foreign or tag in {"script", "style", "kbd", "code", "pre"}
        if not foreign:
            self.said += [given[name] for name in self.SAID if given.get(name)]
        if tag not in self.EMPTY:
            self.stack.append((tag, foreign))

    def handle_endtag(self, tag):
        """Leave the element."""
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        """Note the text."""
        if data.strip() and not (self.stack and self.stack[-1][1]):
            self.said.append(data.strip())


NO_SENTENCE = re.compile(r"Lv\.|\S+@\S+|#\S+|English|[\W\d_]*")  # the name of a language stands in that language


def english_on(page: str) -> list[str]:
    """Return what a Chinese page says in English."""
    shown = Shown()
    shown.feed(page)
    return [
        text for text in shown.said if not re.search(CJK, text) and re.search("[A-Za-z]{2}", NO_SENTENCE.sub("", text))
    ]


@pytest.fixture
def place(db, now):
    """A board with a topic that has everything, and an administrator to look at it. Returns (topic, administrator)."""
    catalogues.compile_stale()
    with translation.override("zh-hans"):
        head = members.create_member("山弦", role="administrator", language="zh-hans", now=now - timedelta(days=50))
        lin = members.create_member("林间", language="zh-hans", now=now - timedelta(days=50))
        members.set_growth(lin.pk, 500, now)
        lin.refresh_from_db()
        board = forum.create_board("拍照", slug="photo", now=now)
        topic = forum.open_topic(lin, board, kind="discussion", title="夜里拍不清楚", source="手持总是糊。", now=now)
    return topic, head


# What every reader may open.
PATHS = [
    "/",
    "/?list=new",
    "/forum/",
    "/topics/",
    "/topics/?list=hot",
    "/b/photo/",
    "/t/{topic}/",
    "/people/",
    "/u/林间/",
]
STRANGER = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/here/"]
MEMBER = [
    "/new/",
    "/saved/",
    "/settings/",
    "/settings/profile/",
    "/settings/security/",
    "/settings/people/",
    "/settings/data/",
]


@pytest.mark.parametrize("path", PATHS + STRANGER)
def test_a_stranger_reads_no_english_on_a_chinese_page(place, client, path):
    topic, _head = place
    answer = client.get(path.format(topic=topic.pk), follow=True, headers={"accept-language": "zh-CN"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert english_on(answer.content.decode()) == []


@pytest.mark.parametrize("path", PATHS + MEMBER)
def test_a_member_reads_no_english_on_a_chinese_page(place, client, path):
    topic, _head = place
    client.force_login(topic.author, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(path.format(topic=topic.pk), follow=True)
    assert answer.status_code == 200
    assert english_on(answer.content.decode()) == []


def test_the_sieve_finds_english():
    assert english_on('<main><p>Reply</p><a aria-label="Close">关</a><b lang="en">English</b>Lv.3</main>') == [
        "Reply",
        "Close",
    ]
