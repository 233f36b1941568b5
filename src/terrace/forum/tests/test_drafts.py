"""What is half written keeps its pictures until it is sent, dropped or old."""

from datetime import timedelta

import pytest

from terrace.forum import actions, queries, tasks
from terrace.forum.models import Draft, Post
from terrace.media import actions as media
from terrace.media import queries as uploads
from terrace.media.models import Upload, Use
from terrace.media.tests.pictures import picture
from terrace.members import actions as members

pytestmark = pytest.mark.django_db
LONG = timedelta(days=30)


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sent(wen, now):
    """Return a function that uploads a picture of Wen's and gives (the upload, what the text says)."""

    def send(red=200):
        upload = media.keep_image(picture(colour=(red, 40, 40)), member_id=wen.pk, now=now, again=True)
        return upload, f"看这张\n\n{uploads.markdown(upload)}"

    return send


def places(upload):
    return uploads.places_of(upload.pk)


def swept(when):
    """Return how many pictures a sweep takes away."""
    return media.delete_orphans(when)


def test_a_saved_draft_keeps_its_pictures(sent, wen, now):
    upload, text = sent()
    other, more = sent(90)
    for body in (text, f"{text}\n{more}", more, more):
        actions.keep_draft("new", {"body": body}, by=wen, now=now)
    draft = Draft.objects.get()
    assert (places(upload), places(other)) == ([], [f"draft:{draft.pk}"])
    assert swept(now + LONG) == 1
    assert list(Upload.objects.all()) == [other]


def test_a_dropped_draft_lets_them_go(sent, wen, now):
    upload, text = sent()
    actions.keep_draft("reply:7", {"body": text}, by=wen, now=now)
    actions.keep_draft("new", {"body": text}, by=wen, now=now)
    actions.drop_draft("reply:7", by=wen)
    assert places(upload) == [f"draft:{Draft.objects.get().pk}"]
    actions.drop_draft("new", by=wen)
    actions.drop_draft("new", by=wen)
    assert not Use.objects.exists()
    assert swept(now + LONG) == 1


def test_an_old_draft_lets_them_go(sent, wen, lin, now):
    upload, text = sent()
    actions.keep_draft("new", {"body": text}, by=wen, now=now)
    actions.keep_draft("new", {"body": "恰好还没到"}, by=lin, now=now + timedelta(days=1))
    tasks.drop_old_drafts(now + tasks.DRAFTS_KEPT)
    assert Draft.objects.count() == 2
    tasks.drop_old_drafts(now + tasks.DRAFTS_KEPT + timedelta(seconds=1))
    assert [each.member for each in Draft.objects.all()] == [lin]
    assert places(upload) == []


def test_who_leaves_leaves_no_pictures_in_drafts(sent, wen, now):
    upload, text = sent()
    actions.keep_draft("new", {"body": text}, by=wen, now=now)
    actions.forget_member(wen.pk)
    assert places(upload) == []
    assert not Draft.objects.exists()


def reply(text, board, topic, post, wen, now):
    return actions.reply(wen, topic, source=text, now=now, screened=False)


def open_topic(text, board, topic, post, wen, now):
    made = actions.open_topic(wen, board, kind="discussion", title="t", source=text, now=now, screened=False)
    return Post.objects.get(topic=made)


def edit(text, board, topic, post, wen, now):
    return actions.edit_post(post, by=wen, source=text, now=now)


@pytest.mark.parametrize(("place", "send"), [("reply:{topic}", reply), ("new", open_topic), ("edit:{post}", edit)])
def test_sending_hands_the_pictures_over(sent, place, send, board, topic, make_reply, wen, now, monkeypatch):
    """At no moment does nothing keep the picture: the post has it before the draft lets it go, in one transaction."""
    upload, text = sent()
    post = make_reply(topic)
    place = place.format(topic=topic.pk, post=post.pk)
    actions.keep_draft(place, {"body": text}, by=wen, now=now)
    seen = [places(upload)]
    for name in ("keep", "release"):
        through = getattr(media, name)

        def watched(*given, through=through, **named):
            through(*given, **named)
            seen.append(places(upload))

        monkeypatch.setattr(media, name, watched)
    topic.refresh_from_db()
    made = send(text, board, topic, post, wen, now + LONG)
    assert [] not in seen
    assert places(upload) == [f"post:{made.pk}"]
    assert not Draft.objects.exists()
    assert swept(now + 2 * LONG) == 0


def test_a_reply_that_is_refused_keeps_the_draft(sent, topic, wen, now):
    upload, text = sent()
    actions.keep_draft(f"reply:{topic.pk}", {"body": text}, by=wen, now=now)
    with pytest.raises(Exception, match="empty"):
        actions.reply(wen, topic, source="", now=now)
    assert places(upload) == [f"draft:{Draft.objects.get().pk}"]


def test_an_edit_that_changes_nothing_lets_its_draft_go(topic, make_reply, wen, now):
    post = make_reply(topic)
    actions.keep_draft(f"edit:{post.pk}", {"body": post.source}, by=wen, now=now)
    actions.edit_post(post, by=wen, source=post.source, now=now)
    assert not Draft.objects.exists()


def test_nobody_else_sees_what_is_half_written(sent, wen, lin, now):
    from terrace.forum import queries

    upload, text = sent()
    actions.keep_draft("new", {"body": text}, by=wen, now=now)
    assert queries.may_read_upload(upload.pk, lin, now) is None
    members.delete_account(lin, now=now)
    assert places(upload) != []


def test_neither_of_two_devices_writes_over_the_other(browse, wen):
    client = browse(wen)
    keep = lambda body, page, seen=0: client.post(  # noqa: E731
        "/draft", {"place": "new", "title": "", "body": body, "page": page, "seen": seen}
    )
    desk = keep("甲", "desk")
    assert desk.status_code == 200
    assert keep("乙", "phone").status_code == 409
    assert keep("", "phone").status_code == 409, "who has deleted their own words does not delete the others"
    assert keep("甲", "phone").status_code == 200, "the same words are no conflict"
    assert keep("甲丙", "desk").status_code == 409, "the phone has it now"
    again = keep("甲乙", "phone", desk.json()["at"])
    assert again.status_code == 200
    assert queries.draft_of(wen.pk, "new")["body"] == "甲乙"
    assert keep("甲乙丙", "desk after loading again", again.json()["at"]).status_code == 200
    assert keep("", "desk after loading again").status_code == 200
    assert queries.draft_of(wen.pk, "new") is None
