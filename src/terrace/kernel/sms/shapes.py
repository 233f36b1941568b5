"""What a sender is given and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class SmsFailed(Exception):
    """The message was not accepted. `retry` says whether the same call may succeed a little later.

    `code` is the gateway's own, for the operator's log.
    """

    def __init__(self, sentence: str, retry: bool, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.retry, self.code = sentence, retry, code


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted by the gateway: its reference, and whether an earlier call with the same key had already sent it."""

    reference: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one number, with the template as the gateway knows it."""

    phone: str
    template: str
    template_id: str
    params: Mapping[str, str]
    order: tuple[str, ...]
    text: str
    key: str
    at: datetime

    @property
    def values(self) -> list[str]:
        """The parameters by position."""
        return [self.params[name] for name in self.order]


Options = Mapping[str, Any]
