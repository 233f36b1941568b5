"""What members may send is the operator's choice."""

from datetime import datetime
from typing import Any

from django.db import transaction

from terrace.kernel import events, options
from terrace.media import policies
from terrace.media.events import LimitsChanged


def set_limits(steps: list[dict[str, Any]], *, actor_id: int, now: datetime) -> None:
    """Let these limits hold, one for each level from which they begin. Raises ValueError for what does not fit together."""
    with transaction.atomic():
        options.put(policies.LIMITS, sorted(steps, key=lambda step: step["level"]), now)
        events.record(LimitsChanged(actor_id), now=now, actor_id=actor_id)
