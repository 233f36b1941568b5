"""The demo community is whole after a break, and its pictures are kept by the posts that show them."""

import pytest
from click.testing import CliRunner
from django.test import Client

from terrace.cli import demo
from terrace.cli.main import main
from terrace.forum import actions as forum
from terrace.forum import policies, queries
from terrace.forum.models import Board, ImportedThread, Topic
from terrace.kernel import clock, options
from terrace.kernel.errors import Refused
from terrace.media import actions as media
from terrace.media.models import Upload
from terrace.members import actions as members
from terrace.members.models import Member
from terrace.moderation.models import Case
from terrace.products.models import Product, Version

pytestmark = pytest.mark.django_db


def test_filling_goes_on_after_a_break_and_twice_is_once(monkeypatch, settings, tmp_path):
    settings.TERRACE_DATA = tmp_path
    whole = list(demo._topics())
    few = [whole[0], next(each for each in whole if each["key"] == "fog-month"), whole[-1]]
    monkeypatch.setattr(demo, "_topics", lambda: iter(few[:1]))
    assert demo.fill(deliver=False)
    monkeypatch.setattr(demo, "_topics", lambda: iter(few))
    assert demo.fill(deliver=False)
    assert not demo.fill(deliver=False), "nothing is left to do"
    assert (Topic.objects.count(), ImportedThread.objects.count()) == (3, 3)
    assert Member.objects.count() == len({*Member.objects.values_list("skeleton", flat=True)})
    hung = sum(len(demo._by_topic("pictures.json").get(each["key"], [])) for each in few)
    assert hung >= 4
    assert Upload.objects.count() == hung + Product.objects.exclude(picture_key="").count() == hung + 2
    assert Version.objects.count() == len({*Version.objects.values_list("product_id", "number")}) > 10
    assert Member.objects.get(handle="许望").team == "影像组"
    month = Topic.objects.get(title__startswith="用 Ridge 5 拍了一个月的雾")
    assert month.picture
    page = Client(headers={"accept-language": "zh-CN"}).get(f"/t/{month.pk}/{month.slug}/").content.decode()
    assert page.count('<img src="/media/') >= 3
    assert media.sweep(clock.now().replace(year=2099)).orphans == 0, "what a post shows stays"


def test_the_queue_of_the_demo_holds_one_of_each_kind(monkeypatch, settings, tmp_path):
    settings.TERRACE_DATA = tmp_path
    wanted = {*demo._by_topic("queue.json")}
    topics = [each for each in demo._topics() if each["key"] in wanted]
    assert len(topics) == len(wanted)
    monkeypatch.setattr(demo, "_topics", lambda: iter(topics))
    assert demo.fill()
    cases = Case.objects.filter(state=Case.OPEN)
    kinds = sorted("appeal" if case.appealed else "held" if case.held else "flags" for case in cases)
    assert kinds == ["appeal", "flags", "flags", "held"]


@pytest.fixture
def short(monkeypatch, settings, tmp_path):
    settings.TERRACE_DATA = tmp_path
    monkeypatch.setenv("TERRACE_DEMO", "0")  # the command sets it for its process
    one = list(demo._topics())[:1]
    monkeypatch.setattr(demo, "_topics", lambda: iter(one))


def test_headings_take_no_topics_and_the_boards_below_them_do(short):
    demo.fill(deliver=False)
    policies.forget_tree()
    reader = policies.access(Member.objects.filter(role="member", level=5).first(), clock.now())
    policies.forget_tree()
    headings = {each.parent.slug for each in Board.objects.exclude(parent=None).select_related("parent")}
    offered = {slug for slug, _name in queries.board_choices(reader)}
    below = {*Board.objects.exclude(parent=None).values_list("slug", flat=True)}
    assert headings == {"devices", "use", "life"}
    assert not headings & offered and below <= offered


def a_member(now):
    members.create_member("Host", email="host@example.com", role="administrator", now=now)


def a_board(now):
    forum.create_board("Talk", slug="talk", now=now)


@pytest.mark.parametrize("made", [a_member, a_board])
def test_a_community_of_its_own_is_refused_and_left_as_it_is(short, made, now):
    made(now)
    before = Member.objects.count(), Board.objects.count()
    with pytest.raises(Refused, match="community of its own"):
        demo.fill(deliver=False)
    told = CliRunner().invoke(main, ["demo"])
    assert told.exit_code == 1 and "Nothing was changed" in told.output
    assert (Member.objects.count(), Board.objects.count()) == before
    assert not Topic.objects.exists() and not demo.is_marked()


def test_the_mark_comes_first_and_names_whom_the_demo_made(short, monkeypatch, now):
    with monkeypatch.context() as broken:
        broken.setattr(demo, "_members", lambda *_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            demo.fill(deliver=False)
    assert demo.is_marked()
    assert demo.fill(deliver=False)
    options.forget()
    made = set(Member.objects.values_list("pk", flat=True))
    a_member(now)
    assert set(options.get("members.demo")) == made
    assert not demo.fill(deliver=False), "somebody who joined the demo does not stop it"
