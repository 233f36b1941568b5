"""An event comes in, one call goes down; again, and nothing happens."""

from datetime import timedelta

import pytest

from terrace.kernel import deliveries
from terrace.kernel.models import Delivery
from terrace.media import actions, queries
from terrace.media.tests.pictures import saved, scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_lighter_renditions_are_drawn_after_the_answer(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    upload = actions.keep_image(saved(scene(3, (1300, 900)), quality=97), member_id=7, now=now)
    folder = queries.folder(upload.key)
    assert not list(folder.glob("*.avif"))
    for each in range(2):
        deliveries.drain(now + timedelta(seconds=each), outside=True)
    assert list(folder.glob("*.avif"))
    assert Delivery.objects.get(listener="media.draw_lighter").state == Delivery.DONE
