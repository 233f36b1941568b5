"""What the story of several processes needs done on its database. Run by test_roles.py, never by the product."""

import json
import sys

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from terrace.forum import actions  # noqa: E402
from terrace.kernel import clock, deliveries  # noqa: E402
from terrace.members import actions as members  # noqa: E402
from terrace.members.models import Member  # noqa: E402
from terrace.notifications import actions as notifications  # noqa: E402

now = clock.now()


def found():
    """Make three people and a topic; return what the test has to know of them."""
    before = now - timedelta(days=30)
    made = {name: members.create_member(name, now=before) for name in ("lin", "wen")}
    members.create_member("founder", role="administrator", now=before)  # until there is one, nobody is let in
    members.create_member("keeper", role="moderator", now=before)
    for member in made.values():
        members.set_growth(member.pk, 500, now)
    board = actions.create_board("Talk", slug="talk", now=now)
    topic = actions.open_topic(made["lin"], board, kind="discussion", title="A topic", source="Words.", now=now)
    while deliveries.drain(now, outside=False):
        pass
    notifications.see_all(made["lin"].pk, now=now)
    client = Client()
    client.force_login(made["wen"])
    return {
        "lin": made["lin"].pk,
        "topic": topic.pk,
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }


def suspend(handle):
    """Take somebody's right to write, as a moderator on another machine would."""
    keeper, target = Member.objects.get(handle="keeper"), Member.objects.get(handle=handle)
    members.suspend(keeper, target, reason="spam", until=now + timedelta(days=1), now=now)


sys.stdout.write(json.dumps(found() if sys.argv[1] == "found" else suspend(sys.argv[2])))
