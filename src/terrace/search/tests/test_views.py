"""Pages: for a stranger, without script, whatever is typed into them."""

from urllib.parse import quote

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.kernel.tests.data import rows
from terrace.kernel.tests.safety import active_nodes, shown_text

pytestmark = pytest.mark.django_db
FIELDS = ["q", "board", "author", "tag", "kind", "from", "to", "solved", "sort", "page"]


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


def main(response):
    return HTMLParser(response.content.decode()).css_first("main")


def test_a_stranger_finds_and_follows_the_permalink(browser, make_topic, make_reply, heard):
    topic = make_topic("夜景怎么拍", "手持总是糊")
    post = make_reply(topic, "用三脚架拍夜景就不糊")
    heard()
    response = browser.get("/search/", {"q": "三脚架"})
    page = main(response)
    assert response.status_code == 200
    assert page.css_first(".row h3 a").attributes["href"] == f"/p/{post.pk}/"
    assert page.css_first(".snip mark").text() == "三脚架"
    assert "1 topic" in page.text()
    assert page.css_first("input[name=q]").attributes["value"] == "三脚架"
    assert not response.cookies


def test_nothing_found_says_so_and_offers_to_ask(browser, board):
    page = main(browser.get("/search/", {"q": "雾灯"}))
    assert "Nothing for “雾灯”" in page.text()
    assert page.css_first(".empty a").attributes["href"] == "/new/"
    assert "Look for something" in main(browser.get("/search/")).text()
    assert "Nothing fits these filters" in main(browser.get("/search/", {"author": "nobody"})).text()
    chinese = Client(headers={"accept-language": "zh-CN"}).get("/search/", {"q": "雾灯"})
    assert "没找到“雾灯”" in main(chinese).text()
    assert "换个词，或者直接问大家。" in main(chinese).text()


def test_the_form_without_script(browser, make_topic, heard, board, wen, now):
    other = forum.create_board("系统", slug="system", now=now)
    forum_policies.forget_tree()
    make_topic("一", "更新", tags=["相机"])
    make_topic("二", "更新", where=other, author=wen)
    heard()

    def found(**query):
        return sorted(each.text() for each in main(browser.get("/search/", {"q": "更新"} | query)).css(".row h3 a"))

    assert found() == ["一", "二"]
    assert found(board="photo") == ["一"]
    assert found(author="wen") == ["二"]
    assert found(author="没有这个人") == []
    assert found(tag="#相机") == ["一"]
    assert found(tag="没有") == []
    assert found(kind="question") == []
    assert found(solved="on") == []
    assert found(**{"from": "2026-07-18", "to": "2026-07-18"}) == ["一", "二"]
    assert found(to="2026-07-17") == []
    assert found(**{"from": "2026-07-19"}) == []
    assert found(sort="newest") == ["一", "二"]
    page = main(browser.get("/search/", {"q": "更新", "board": "photo"}))
    assert page.css_first("details").attributes.get("open", "no") is None
    assert page.css_first("select[name=board] option[selected]").attributes["value"] == "photo"


def test_htmx_gets_the_part(browser, make_topic, heard):
    make_topic("一", "更新")
    heard()
    response = browser.get("/search/", {"q": "更新"}, headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="results"')


def test_a_closed_board_is_no_choice(browser, closed, moderator, make_topic, heard):
    make_topic("折叠屏", "铰链", where=closed, author=moderator)
    heard()
    page = main(browser.get("/search/", {"q": "铰链", "board": "inside"}))
    assert not page.css(".row")
    assert "内测" not in page.text()
    assert "折叠屏" not in browser.get("/search/similar", {"title": "折叠屏"}).content.decode()


def test_similar(browser, make_topic, heard):
    topic = make_topic("夜里拍照糊怎么办", "手持")
    heard()
    response = browser.get("/search/similar", {"title": "夜里拍照糊"})
    part = HTMLParser(response.content.decode()).css_first("#similar a")
    assert part.attributes["href"].startswith(f"/t/{topic.pk}/")
    assert not HTMLParser(browser.get("/search/similar").content.decode()).css("#similar a")
    assert browser.post("/search/similar").status_code == 405


def test_vectors_stay_text(browser, make_topic, heard):
    vectors = [row.get("vector", row.get("payload", row.get("text", ""))) for row in rows("xss_vectors.jsonl")]
    assert all(vectors)
    for number, vector in enumerate(vectors):
        if number % 5 == 0:
            title = " ".join(vector.replace("\0", "").split())[:110]
            make_topic(title or "空", "铰链 " + vector.replace("\0", ""))
    heard()
    for page in (1, 2):
        html = browser.get("/search/", {"q": "铰链", "page": page}).content.decode()
        assert HTMLParser(html).css(".row mark")
        assert active_nodes(html, "#results ul.rows") == []
    for vector in vectors:
        html = browser.get("/search/", {"q": vector}).content.decode()
        assert [node for node in active_nodes(html, "#results") if node != "<svg>"] == []  # the strip of an empty state
    assert "<script>" in shown_text(browser.get("/search/", {"q": "<script>雾"}).content.decode(), "#results")


SYNTAX = [
    '"', "'", "''", '""', "AND", "a AND", "OR OR", "NOT x", "NEAR(a b)", "NEAR/2", "a*", "*", "^a", "a:b", "t:a", "b:1", "words:a",
    "(", ")", "((((", "a)(b", "-", "--", "-a", "+a", "{a}", "a & b", "a | b", "!a", "a <-> b", ":*", "a:*", "\\", "a\\'b", "%", "_",
    "%s", "%(x)s", "{0}", ";", "'; DROP TABLE search_document; --", "1 OR 1=1", "\0", "a\0b", "\ud83d", "\ufffe", "\u202e", "续航\n",
    "“", "「", '"续航', "'续航'", "续" * 500, '"' + "续" * 300 + '"', " ", "\t", "٣٤٥", "१२३", "𰻞", "null", "undefined", "-1",
    "9" * 400, "1e309", "nan", "0x10", "2026-13-45", "9999-12-31", "0001-01-01", "../..", "<b>", "[]", "a[]=1",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_any_text_in_any_field_is_answered(browser, make_topic, heard, field):
    make_topic("一", "续航")
    heard()
    for text in SYNTAX if field in {"q", "author"} else SYNTAX[::4]:
        address = "/search/?q=" + quote("续航") + f"&{field}=" + quote(text, errors="surrogatepass")
        assert browser.get(address).status_code == 200, (field, text)
    many = "&".join(f"{field}={quote(text, errors='surrogatepass')}" for text in SYNTAX[:12])
    assert browser.get(f"/search/?{many}&{field}[]=1&{field}[a][b]=2&{field}").status_code == 200


@pytest.mark.parametrize("field", ["q", "author", "tag", "from", "title"])
def test_a_megabyte_is_answered(browser, make_topic, heard, field):
    make_topic("一", "续航")
    heard()
    for text in ("a" * 1_000_000, '"续 ' * 200_000):
        page = "/search/similar" if field == "title" else "/search/"
        assert browser.get(page, {field: text}).status_code == 200


def test_similar_takes_any_title(browser, make_topic, heard):
    make_topic("一", "续航")
    heard()
    for text in SYNTAX:
        response = browser.get("/search/similar?title=" + quote(text, errors="surrogatepass"))
        assert response.status_code == 200


@pytest.mark.parametrize("text", ["%", '"', "🙂", "——"])
def test_signs_without_a_word_are_told_of(browser, text):
    assert f"“{text}” has no word in it" in main(browser.get("/search/", {"q": text})).text()


def test_the_snippet_goes_on_after_the_title(browser, make_topic, heard):
    """Titles of imported threads are their first sentence."""
    make_topic("雾天拍照对不上焦", "雾天拍照对不上焦，手动也不行。换了镜头还是一样。")
    make_topic("焦点总是跑", "焦点总是跑")
    heard()
    page = main(browser.get("/search/", {"q": "焦"}))
    assert {each.text().strip() for each in page.css(".row .snip")} == {"手动也不行。换了镜头还是一样。"}
