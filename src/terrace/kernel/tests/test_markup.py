"""Markdown as a forum writes it, and nothing in it that could act."""

import html as entities
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terrace.kernel import words
from terrace.kernel.markup import Mention, Shown, excerpt, mention_candidates, render
from terrace.kernel.markup import code as colours
from terrace.kernel.tests import data
from terrace.kernel.tests.safety import active_nodes, shown_text

PEOPLE = {
    words.skeleton(handle): Mention(number, handle, f"/u/{number}")
    for number, handle in enumerate(["小明", "小明同学", "bob", "bob_lee", "ＭiＦan"], 1)
}


def body(source, **options):
    return render(source, **options).html


# -- Markdown --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("一行\n二行", "<p>一行<br>\n二行</p>\n"),
        ("**粗** *斜* ~~删~~ `码`", "<p><strong>粗</strong> <em>斜</em> <s>删</s> <code>码</code></p>\n"),
        ("**重点：**请看", "<p><strong>重点：</strong>请看</p>\n"),
        ("看*“引用”*吧", "<p>看<em>“引用”</em>吧</p>\n"),
        ('这是**"好"**的', '<p>这是<strong>"好"</strong>的</p>\n'),
        ("2 * 3 * 4 snake_case_name", "<p>2 * 3 * 4 snake_case_name</p>\n"),
        ("    缩进的段落", "<p>缩进的段落</p>\n"),
        ("> 引用", "<blockquote>\n<p>引用</p>\n</blockquote>\n"),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>\n'),
        ("[doge] :tada: :nobody: 12:30", "<p>[doge] 🎉 :nobody: 12:30</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("", ""),
        ("---", "<hr>\n"),
    ],
)
def test_markdown(source, html):
    assert body(source) == html


def test_headings_are_shifted_and_named():
    rendered = render("# 小米\n## 小米\n###### 深\n# ！", prefix="p12-")
    assert rendered.headings == (
        (2, "h-p12-xiaomi", "小米"), (3, "h-p12-xiaomi-2", "小米"), (4, "h-p12-shen", "深"), (2, "h-p12-part", "！"),
    )  # fmt: skip
    assert '<h2 id="h-p12-xiaomi">小米</h2>' in rendered.html


def test_tables_align_with_classes():
    html = body("|a|b|\n|:-:|--:|\n|1|2|")
    assert '<th class="align-center">a</th>' in html
    assert '<td class="align-right">2</td>' in html
    assert "style" not in html


def test_tasks():
    html = body("- [ ] todo\n- [x] done\n- [ ]\n- [y] no")
    assert '<span class="task">☐</span> todo' in html
    assert '<span class="task task-done">☑</span> done' in html
    assert "[y] no" in html
    assert "<input" not in html
    assert render("- [x] done").text == "☑ done"


def test_footnotes_carry_the_prefix():
    html = body("一[^a] 二[^b] 又[^a] 无[^c]\n\n[^a]: 注 *一*\n[^b]: 注二", prefix="p7-")
    assert '<a href="#fn-p7-1" id="fnref-p7-1">1</a>' in html
    assert '<li id="fn-p7-2">' in html
    assert 'href="#fnref-p7-1-1"' in html
    assert "无[^c]" in html


def test_spoilers():
    rendered = render("前||凶手是 **他**||后 a || b || c\n\n:::spoiler 结局\n他死了\n:::\n\n:::剧透\n空\n:::\n尾")
    assert '前<span class="spoiler" tabindex="0">凶手是 <strong>他</strong></span>后 a || b || c' in rendered.html
    assert '<details class="spoiler"><summary>结局</summary>\n<p>他死了</p>\n</details>' in rendered.html
    assert '<details class="spoiler">\n<p>空</p>' in rendered.html
    assert rendered.text == "前…后 a || b || c\n结局\n尾"


def test_code_is_coloured_with_classes():
    html = body('```py\ndef f(x): return "<b>"  # 注\n```')
    assert '<pre class="code" tabindex="0" data-lang="py"><code><span class="hl-k">def</span> f(x): ' in html
    assert '<span class="hl-s">"&lt;b&gt;"</span>' in html
    assert '<span class="hl-c"># 注</span>' in html
    assert body("```\n<x>\n```") == '<pre class="code" tabindex="0"><code>&lt;x&gt;\n</code></pre>\n'
    assert "data-lang" not in body('```"onload=x\ncode\n```')
    assert '<span class="hl-gd">-a</span>' in body("```diff\n-a\n+b\n```")


@pytest.mark.parametrize("language", [*colours._RULES, "diff", "unknown"])
@given(st.text(alphabet="ab1\"'`/*#<>-=!.\\\n{}( &中", max_size=60))
@settings(max_examples=30, deadline=None)
def test_colours_keep_the_code(language, code):
    shown = re.sub(r"<[^>]*>", "", colours.highlighted(code, language))
    assert entities.unescape(shown) == code


# -- links and pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "urls"),
    [
        ("看https://mi.com/a_b，很好", ["https://mi.com/a_b"]),
        ("（http://x.com/a(b)c）", ["http://x.com/a(b)c"]),
        ("(see http://x.com/a).", ["http://x.com/a"]),
        ("[字](https://a.com) <https://b.com>", ["https://a.com", "https://b.com"]),
        ("[https://a.com](https://b.com)", ["https://b.com"]),
        ("[y](/t/1) [邮](mailto:a@b.cn)", ["/t/1", "mailto:a@b.cn"]),
        ("`https://a.com` xhttps://a.com https:// ftp://a.com", []),
        ("[x](javascript:alert(1)) [x](//evil.com) [x](data:text/html,x) [x](t/1) [x](http:evil)", []),
        ("[x](/\\evil.com)", ["/%5Cevil.com"]),
        ("[x](java&Tab;script:alert(1)) [x](&#106;avascript:alert(1)) [x](https:/\\evil.com)", []),
    ],
)
def test_links(source, urls):
    rendered = render(source)
    assert list(rendered.links) == urls
    assert re.findall(r'href="([^"]*)"', rendered.html) == urls
    outside = [url for url in urls if not url.startswith("/")]
    assert rendered.html.count('rel="nofollow ugc noopener"') == len(outside)


def test_pictures():
    rendered = render(
        '![图](/media/a.jpg "题") ![远](https://evil.com/x.png) [![里](https://e.com/i.png)](https://b.com) '
        "![上](/media/../admin) ![串](/media/%2e%2e/admin)",
        shown={"/media/a.jpg": Shown(800, 600)},
    )
    assert rendered.images == ("/media/a.jpg",)
    assert rendered.html.count("<img") == 1
    assert '<img src="/media/a.jpg" alt="图" width="800" height="600" loading="lazy" decoding="async">' in rendered.html
    assert '<a href="https://evil.com/x.png" rel="nofollow ugc noopener">远</a>' in rendered.html
    assert '<a href="https://b.com" rel="nofollow ugc noopener">里</a>' in rendered.html
    assert render("![a](https://cdn.example/x.png)", media_prefix=("/media/", "https://cdn.example/")).images
    unknown = render("![a](/media/b.jpg)").html
    assert unknown == '<p><img src="/media/b.jpg" alt="a" loading="lazy" decoding="async"></p>\n'


PICTURE = Shown(
    960,
    720,
    srcset="/media/a/640.webp 640w, /media/a/960.webp 960w",
    full="/media/a/1920.webp",
    blur="6 " + "0aF/" * 24,
)
HELD = {"/media/a": PICTURE, "/media/t": Shown(540, 960), "/media/v": Shown(90, 160, kind="video", poster="/media/p")}
HELD |= {"/media/s": Shown(0, 0, kind="audio"), "/media/b": PICTURE}


def test_a_paragraph_of_one_picture_is_a_figure():
    rendered = render('before\n\n![夜 <景>](/media/a "题")\n\nafter', shown=HELD)
    assert rendered.html == (
        '<p>before</p>\n<figure class="pic"><a class="picture" href="/media/a/1920.webp" data-behavior="picture">'
        '<img src="/media/a" srcset="/media/a/640.webp 640w, /media/a/960.webp 960w" '
        'sizes="(min-width: 45rem) 46.5rem, 92vw" alt="夜 &lt;景&gt;" width="960" height="720" loading="lazy" '
        f'decoding="async" data-blur="{PICTURE.blur}"></a><figcaption>题</figcaption></figure>\n<p>after</p>\n'
    )
    assert rendered.text == "before\n夜 <景>\nafter"
    assert rendered.images == ("/media/a",)


def test_pictures_that_follow_each_other_are_an_album():
    html = render("![一](/media/a)\n![](/media/b) ![三](/media/t)", shown=HELD).html
    assert html.startswith('<div class="album threes">')
    assert html.count('<figure class="pic') == 3
    assert html.count("<br>") == 0
    assert 'aria-label="960 × 720"' in html, "a link without words still has a name"
    assert '<figure class="pic tall">' in html
    assert '<div class="album pairs">' in render("![一](/media/a)![二](/media/b)", shown=HELD).html


def test_a_picture_within_a_text_stays_there():
    html = render("看![图](/media/a)这里", shown=HELD).html
    assert html.startswith('<p>看<a class="picture"')
    assert "<figure" not in html
    linked = render("[![图](/media/a)](https://b.com)", shown=HELD).html
    assert linked.count("<a ") == 1
    assert "<figure" not in render("![图](/media/a) ![x](/media/unknown)", shown=HELD).html


def test_videos_and_sounds():
    rendered = render("![我说的话](/media/v)\n![](/media/s)", shown=HELD)
    assert (
        '<figure class="clip tall"><video src="/media/v" aria-label="我说的话" width="90" height="160" '
        'poster="/media/p" controls="" playsinline="" preload="none">' in rendered.html
    )
    assert "<figcaption>我说的话</figcaption>" in rendered.html
    assert '<audio src="/media/s" controls="" preload="none">' in rendered.html
    assert rendered.images == ("/media/v", "/media/s")
    assert active_nodes(rendered.html) == []


def test_figures_in_lists_and_quotations():
    assert "<figure" in render("> ![图](/media/a)", shown=HELD).html
    assert "<figure" not in render("- ![图](/media/a)\n- b", shown=HELD).html
    assert "<figure" in render("- ![图](/media/a)\n\n- b", shown=HELD).html


# -- mentions and tags -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("@小明你好", [1]),
        ("@小明同学你好 @小明", [2, 1]),
        ("谢谢@bob，@BOB_LEE", [3, 4]),
        ("@bobby @bob_leeson", []),
        ("@bob你好 @mifan", [3, 5]),
        ("@小 明 @ @@ @nobody", []),
        ("`@bob` a@bob.com https://x.com/@bob [@bob](/x) <a@bob.com>", []),
        ("```\n@bob\n```", []),
        ("**@bob** ||@小明||", [3, 1]),
        ("@bob @bob", [3]),
    ],
)
def test_mentions(source, ids):
    known = {key: PEOPLE[key] for key in mention_candidates(source) if key in PEOPLE}
    rendered = render(source, mentions=known)
    assert list(rendered.mentions) == ids
    assert rendered == render(source, mentions=PEOPLE)


def test_a_mention_takes_no_more_than_the_name():
    assert body("@bob- 好", mentions=PEOPLE) == '<p><a class="mention" href="/u/3">@bob</a>- 好</p>\n'


def test_candidates_are_bounded():
    assert len(mention_candidates("@abcdefghijklmnopqrstuvwxyz小米手机很好用的样子吧呢啊" * 500)) <= 1000
    assert len(mention_candidates(" ".join(f"@人{n:04}物小米手机很好用的样子吧呢啊" for n in range(500)))) <= 1000
    assert mention_candidates("没有") == []


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#小米14 很好 #Ridge_5", ["小米14", "Ridge_5"]),
        ("今天#小米 发布会#很好", ["小米 发布会"]),
        ("# 标题", []),
        ("#123 C# &#35; a#b /x#y", []),
        ("see #issue and C# and #Issue", ["issue"]),
        ("`#tag` [#tag](/x) https://a.com/#tag", []),
        ("#小米手机 很好 #红米 ", ["小米手机", "红米"]),
    ],
)
def test_tags(source, tags):
    assert list(render(source).tags) == tags


def test_tags_are_links_where_there_is_somewhere_to_go():
    assert body("#好", tag_url=lambda name: f"/tags/{len(name)}") == '<p><a class="tag" href="/tags/1">#好</a></p>\n'
    assert body("#好") == '<p><span class="tag">#好</span></p>\n'


# -- nothing acts ----------------------------------------------------------------------------------------------------


def rendered_pages(source):
    quoted = "\n".join(f"> {line}" for line in source.splitlines())
    yield body(source, mentions=PEOPLE, tag_url=lambda name: f"/t/{name}")
    yield body(f"# {source}\n\n- {source}\n\n|{source}|\n|-|\n|{source}|\n\n{quoted}")
    yield body(f"[{source}]({source}) ![{source}]({source}) ||{source}|| <{source}>\n\n:::spoiler {source}\n:::")
    yield body(f"```{source}\n{source}\n```\n[a]: {source}\n[a] [^{source}]\n\n[^{source}]: {source}")


def test_no_vector_leaves_an_active_node():
    rows = data.rows("xss_vectors.jsonl")
    for row in rows:
        for page in rendered_pages(row["payload"]):
            assert active_nodes(page) == [], row["payload"]
    assert len(rows) > 100


def test_no_naughty_string_leaves_an_active_node():
    rows = data.rows("naughty_strings.jsonl")
    for row in rows:
        for page in rendered_pages(row["s"]):
            assert active_nodes(page) == [], row["s"]
    assert len(rows) > 500


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def test_what_is_no_markdown_is_shown_as_typed():
    """Of the naughty strings, those without a character that means something in Markdown."""
    shown = 0
    for row in data.rows("naughty_strings.jsonl"):
        typed = row["s"]
        if re.search(r"[*_`~\[\]&#|\\@+:>]|^\s*[-=]|^\d+[.)]|\x00", typed) or not typed.strip():
            continue
        assert squeezed(typed) in squeezed(shown_text(body(typed))), typed
        shown += 1
    assert shown > 200


def test_real_posts_are_shown_as_typed():
    for thread in data.rows("phone_threads_zh.jsonl")[:100]:
        for post in thread["posts"]:
            if not re.search(r"[*_`~\\&|:]|^[-+>#\d]", post["text"]):
                assert squeezed(shown_text(body(post["text"]))) == squeezed(post["text"])


@given(st.text(alphabet=st.one_of(st.sampled_from("<>[]()!*_`|:@#&\"'/\\ \n-="), st.characters()), max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it_or_acts(source):
    rendered = render(source, mentions=PEOPLE)
    assert active_nodes(rendered.html) == []
    rendered.html.encode()
    rendered.text.encode()


def test_the_second_wall_stands_alone():
    from terrace.kernel.markup.clean import clean

    for row in data.rows("xss_vectors.jsonl"):
        assert active_nodes(clean(row["payload"], ("/media/",))) == [], row["payload"]
    assert clean('<a href="//evil" id="x" class="a{}">x</a>', ("/media/",)) == "<a>x</a>"
    assert clean('<img src="https://evil/x.png">&amp;lt;', ("/media/",)) == "<img>&amp;lt;"
    srcset = '<img srcset="/media/a 1w, https://evil/x.png 2w">'
    assert clean(srcset, ("/media/",)) == "<img>"
    assert clean('<a data-behavior="upload picture" href="/x">a</a>', ("/media/",)) == '<a href="/x">a</a>'
    video = '<video src="//evil/x.mp4" poster="https://evil/x.png" autoplay onplay="x()"></video>'
    assert clean(video, ("/media/",)) == "<video></video>"


def test_the_checker_sees_what_acts():
    page = (
        "<main><script>1</script><p onclick=x>a</p><a href=' java\nscript:x'>b</a><b style=x>c</b><img src=//e></main>"
    )
    assert len(active_nodes(page)) == 5
    assert active_nodes("<script></script><main><p>a</p></main>", within="main") == []


# -- excerpts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("短", 10, "短"),
        ("一句话。\n第二句话很长很长很长", 8, "一句话。"),
        ("这个手机的充电速度非常快而且不发热", 10, "这个手机的充电速度…"),
        ("the quick brown fox jumps", 14, "the quick…"),
        ("a\n\nb", 9, "a b"),
        ("", 5, ""),
    ],
)
def test_excerpt(text, limit, short):
    assert excerpt(text, limit) == short


@given(st.text(max_size=200), st.integers(5, 60))
@settings(max_examples=200, deadline=None)
def test_an_excerpt_is_never_longer(text, limit):
    assert len(excerpt(text, limit)) <= limit
