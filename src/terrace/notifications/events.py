"""What happens in members' lists."""

from dataclasses import dataclass
from typing import ClassVar

from terrace.kernel.events import Event


@dataclass(frozen=True)
class NoticeTold(Event):
    """A notice has news, and the member it is for wants it on the screen of this device."""

    about: ClassVar[str] = "notice_id"
    notice_id: int
    device_id: int
