"""Words of members do nothing on any page of the forum."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions
from terrace.forum.models import Topic
from terrace.forum.tests.test_views import address, parse
from terrace.kernel.tests.data import rows
from terrace.kernel.tests.safety import active_nodes
from terrace.members import actions as members

pytestmark = pytest.mark.django_db

# Where words of members stand. Around them our own templates draw icons and forms.
WORDS = [
    "title",
    ".prose",
    "h1",
    ".crumb a",
    ".facts a",
    ".row h3",
    ".row .by > *",
    ".toc",
    ".reason",
    ".bio",
    "blockquote",
]


def inert(html):
    """Return what is active in the words of members, and what could run script anywhere on the page."""
    tree = HTMLParser(html)
    found = [f"{selector}: {each}" for selector in WORDS for each in active_nodes(html, within=selector)]
    found += [
        each.html for each in tree.css("iframe, object, embed, base, meta[http-equiv], link[rel=import], [style], math")
    ]
    found += [
        each.html
        for each in tree.css("script")
        if not (
            each.attributes.get("src", "").startswith("/static/")
            or each.attributes.get("type") == "application/ld+json"
        )
    ]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or (value or "").strip().lower().startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                found.append(f"{name}={value}")
    return found


def test_no_vector_becomes_active_on_any_page(browse, board, wen, lin, now):
    """Titles, bodies, bio and city of one member hold every vector and naughty string; every page that shows them is inert."""
    strings = [row["s"] for row in rows("naughty_strings.jsonl") if row["s"].strip()]
    hostile = [row["payload"] for row in rows("xss_vectors.jsonl")] + strings
    for start in range(0, len(hostile), 20):
        texts = hostile[start : start + 20]
        posts = [actions.ThreadPost(n, "a", n - 1 if n else None, text, now) for n, text in enumerate(texts)]
        thread = actions.Thread(
            f"x:{start}", f"chunk {start}", posts, members={"a": lin.pk}, tags=[text[:30] for text in texts[:5]]
        )
        actions.import_thread(thread, board, now=now)
    titled = [
        Topic(
            kind="discussion",
            board=board,
            author=lin,
            last_author=lin,
            title=title,
            excerpt=title,
            created_at=now,
            last_post_at=now,
        )
        for title in (" ".join(text.split())[:120] or "empty" for text in hostile)
    ]
    client = browse(wen)
    for topic in [*Topic.objects.order_by("pk"), *Topic.objects.bulk_create(titled)[::9]]:
        html = client.get(address(topic)).content.decode()
        assert inert(html) == [], topic.title
    cursor = "/b/photo/"
    while cursor:
        page = client.get(cursor)
        assert inert(page.content.decode()) == []
        older = parse(page).css_first("nav.pager a[rel=next]")
        cursor = older.attributes["href"] if older else ""
    for text in hostile[::7]:
        members.edit_profile(
            lin, city=text[:40].replace("\x00", ""), bio=text[:300].replace("\x00", ""), language="en", now=now
        )
        assert inert(client.get("/u/林间/").content.decode()) == []
