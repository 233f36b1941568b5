"""Groups at the desk, without script: make, fill, empty, rename, delete; and a board that opens to a group."""

import pytest
from django.urls import reverse

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.kernel import clock
from terrace.memberships import actions, queries
from terrace.memberships.models import Entitlement, Group

LIST = "/console/groups/"


@pytest.fixture
def desk(boss, browse):
    return browse(boss)


def test_making_one_and_its_errors(desk):
    page = desk.get(LIST).content.decode()
    assert "No group yet." in page
    assert 'aria-current="page"' in page
    assert desk.post(LIST, {"name": ""}).status_code == 422
    answer = desk.post(LIST, {"name": "内测组"})
    assert answer["Location"] == "/console/groups/neice-zu/"
    assert "Nobody yet." in desk.get(answer["Location"]).content.decode()
    again = desk.post(LIST, {"name": "内侧组"})
    assert again.status_code == 422
    text = again.content.decode()
    assert "has the key neice-zu already" in text
    assert 'value="内侧组"' in text
    assert Group.objects.count() == 1


def test_putting_somebody_in(desk, group, lin):
    here = reverse("memberships:console_group", args=[group.key])
    answer = desk.post(here, {"who": "lin@example.com", "reason": "新机尝鲜", "until": "2190-05-01"})
    assert answer["Location"] == here
    page = desk.get(here).content.decode()
    for part in ("林间", "新机尝鲜", "2190", "1 member now", "is in the group."):
        assert part in page
    assert 'data-behavior="dialog"' in page
    assert Entitlement.objects.get().ends_at.isoformat() == "2190-05-01T16:00:00+00:00"  # midnight in Shanghai


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"who": "没有这个人", "reason": "试试"}, "Nobody here has the handle or e-mail “没有这个人”."),
        ({"who": "", "reason": "试试"}, "Fill this in."),
        ({"who": "林间", "reason": ""}, "Fill this in."),
        ({"who": "林间", "reason": "试试", "until": "2001-01-01"}, "The end has to be in the future."),
        ({"who": "林间", "reason": "试试", "until": "9999-12-31"}, "Choose a day before 2200."),
        ({"who": "林间", "reason": "试试", "until": "soon"}, "Write the date like"),
    ],
)
def test_what_was_typed_is_kept_with_its_error(desk, group, lin, typed, told):
    answer = desk.post(reverse("memberships:console_group", args=[group.key]), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in page
    assert not Entitlement.objects.exists()


def test_taking_somebody_out(desk, boss, group, lin, now):
    actions.give(group, lin.pk, reason="x", by=boss.pk, now=now)
    out = reverse("memberships:console_group_end", args=[group.key, lin.pk])
    assert out in desk.get(reverse("memberships:console_group", args=[group.key])).content.decode()
    assert "Take 林间 out of “内测组”?" in desk.get(out).content.decode()
    assert desk.post(out, {"reason": ""}).status_code == 422
    assert Entitlement.objects.exists()
    assert desk.post(out, {"reason": "自己要求"}).status_code == 302
    assert not Entitlement.objects.exists()
    assert desk.get(out).status_code == 404
    assert "took them out of the group “内测组”: 自己要求" in desk.get("/console/audit/").content.decode()


def test_who_is_past_the_end_is_shown_as_such(desk, group, lin, now):
    Entitlement.objects.create(group=group, member=lin, starts_at=now, ends_at=now, reason="x")
    page = desk.get(reverse("memberships:console_group", args=[group.key])).content.decode()
    assert "Over: not in it any more" in page
    assert "0 members now" in page


def test_renaming(desk, group):
    url = reverse("memberships:console_group_rename", args=[group.key])
    assert desk.post(url, {"name": " "}).status_code == 422
    assert desk.get(url).status_code == 405
    assert desk.post(url, {"name": "尝鲜组"}).status_code == 302
    assert queries.find_group(group.key).name == "尝鲜组"


def test_deleting_is_asked_first_and_refused_while_a_board_needs_the_group(desk, group, now):
    url = reverse("memberships:console_group_delete", args=[group.key])
    assert "Delete “内测组”?" in desk.get(url).content.decode()
    board = forum.create_board("内测", slug="inside", now=now)
    forum.set_rule(board, "see", audience="members", group_id=group.pk, now=now)
    page = desk.get(url).content.decode()
    assert "cannot be deleted now" in page
    assert "/console/boards/inside/" in page
    answer = desk.post(url)
    assert answer.status_code == 409
    assert "The rules of 内测 use this group." in answer.content.decode()
    forum.set_rule(board, "see", audience=None, now=now)
    assert desk.post(url)["Location"] == LIST
    assert not Group.objects.exists()
    assert "“内测组” is deleted." in desk.get(LIST).content.decode()


def test_what_is_not_there(desk, group, lin):
    assert desk.get("/console/groups/nothing/").status_code == 404
    assert desk.post("/console/groups/nothing/delete").status_code == 404
    assert desk.get(reverse("memberships:console_group_end", args=[group.key, lin.pk])).status_code == 404


def test_pages_of_members(desk, boss, group, person, now):
    for number in range(queries.PAGE + 1):
        actions.give(group, person(f"成员{number}").pk, reason="x", by=boss.pk, now=now)
    here = reverse("memberships:console_group", args=[group.key])
    first = desk.get(here).content.decode()
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = desk.get(older).content.decode()
    assert ">成员0<" in second
    assert ">成员0<" not in first


def test_names_and_reasons_are_only_text(desk, boss, lin, now):
    group = actions.make_group("<b onclick=x()>b</b>", by=boss.pk, now=now)
    actions.give(group, lin.pk, reason="<script>alert(1)</script>", by=boss.pk, now=now)
    here = reverse("memberships:console_group", args=[group.key])
    for url in (LIST, here, f"{here}delete", f"{here}{lin.pk}/out"):
        page = desk.get(url).content.decode()
        assert "<b onclick" not in page
        assert "<script>alert" not in page


def board_form(**rules):
    """Return what the form of a board sends."""
    plain = {"name": "内测", "line": "", "name_en": "", "line_en": "", "parent": "", "position": 0, "slow_seconds": 0}
    acts = {f"{act}_{part}": "" for act in ("see", "read", "open", "reply") for part in ("audience", "level", "group")}
    return {**plain, **acts, "icon": "lock", "moderators": "", **rules}


def test_a_board_opens_to_a_group_made_here_and_closes_again(desk, boss, browse, group, lin, person):
    """Through the pages alone: the group is chosen in the rules of a new board, and decides who sees it."""
    form = desk.get("/console/boards/new/").content.decode()
    assert f'<option value="{group.pk}">内测组</option>' in form
    rules = board_form(see_audience="members", see_group=group.pk)
    assert desk.post("/console/boards/new/", {**rules, "slug": "inside"}).status_code == 302
    forum_policies.forget_tree()
    reader, other = browse(lin), browse(person("外人"))
    assert [each.get("/b/inside/").status_code for each in (reader, other, browse())] == [404, 404, 404]
    here = reverse("memberships:console_group", args=[group.key])
    assert "内测" in desk.get(here).content.decode()
    desk.post(here, {"who": "林间", "reason": "试用"})
    assert [each.get("/b/inside/").status_code for each in (reader, other, browse())] == [200, 404, 404]
    # The end of the day that was its last closes the board by itself.
    Entitlement.objects.update(ends_at=clock.now())
    assert reader.get("/b/inside/").status_code == 404
    desk.post(here, {"who": "林间", "reason": "再来", "until": "2190-01-01"})
    assert reader.get("/b/inside/").status_code == 200
    desk.post(reverse("memberships:console_group_end", args=[group.key, lin.pk]), {"reason": "够了"})
    assert reader.get("/b/inside/").status_code == 404
    desk.post("/console/boards/inside/", board_form(see_audience="everyone"))
    forum_policies.forget_tree()
    assert other.get("/b/inside/").status_code == 200


@pytest.mark.parametrize("rule", [{"read_group": "1"}, {"read_audience": "everyone", "read_level": "5"}])
def test_a_group_or_level_that_would_hold_for_nobody_is_refused(desk, group, rule):
    rules = {name: group.pk if name.endswith("group") else value for name, value in rule.items()}
    answer = desk.post("/console/boards/new/", {**board_form(**rules), "slug": "inside"})
    assert answer.status_code == 422
    assert "只对登录成员有效" in answer.content.decode() or "holds for members" in answer.content.decode()
