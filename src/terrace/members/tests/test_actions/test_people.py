"""Follow, mute, block."""

import pytest

from terrace.kernel.errors import Refused
from terrace.kernel.models import EventRow
from terrace.members import actions, queries
from terrace.members.models import (
    Follow,
)

pytestmark = pytest.mark.django_db


class TestPeople:
    def test_follow_and_friends(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        assert actions.follow(ann, bob, now=now) is True
        assert actions.follow(ann, bob, now=now) is False
        assert not queries.relation(ann.pk, bob.pk).friends
        actions.follow(bob, ann, now=now)
        assert queries.relation(ann.pk, bob.pk).friends
        assert EventRow.objects.filter(kind="members.MemberFollowed").count() == 2
        assert EventRow.objects.filter(kind="members.MemberFollowed").last().data["friends"] is True
        actions.unfollow(ann, bob)
        assert queries.following_ids(ann.pk) == set()

    def test_block_ends_follows_and_stops_new_ones(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        actions.follow(ann, bob, now=now)
        actions.follow(bob, ann, now=now)
        actions.block(ann, bob, now=now)
        assert not Follow.objects.exists()
        for one, other in ((ann, bob), (bob, ann)):
            with pytest.raises(Refused):
                actions.follow(one, other, now=now)
        assert queries.blocked_either(bob.pk, ann.pk)
        actions.release(ann, bob)
        assert actions.follow(bob, ann, now=now)

    def test_mute_is_one_sided(self, make, now):
        ann, bob = make("Ann"), make("Bob")
        actions.mute(ann, bob, now=now)
        actions.mute(ann, bob, now=now)
        assert queries.avoided_by(ann.pk) == {bob.pk}
        assert queries.avoided_by(bob.pk) == set()
        assert not queries.blocked_either(ann.pk, bob.pk)

    def test_nobody_meets_themselves(self, make, now):
        ann = make("Ann")
        for act in (actions.follow, actions.mute, actions.block):
            with pytest.raises(Refused):
                act(ann, ann, now=now)
