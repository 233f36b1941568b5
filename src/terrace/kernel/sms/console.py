"""The sender of a house without a gateway: the message goes to the outbox, where the operator reads it."""

from collections.abc import Callable
from typing import Any

from terrace.kernel.sms.shapes import Message

Write = Callable[..., Any]


def deliver(message: Message, write: Write | None) -> str:
    """Write the message to the outbox; no reference."""
    body = message.text
    for name, value in message.params.items():
        body = body.replace("{" + name + "}", value)
    body = body or ", ".join(f"{name}: {value}" for name, value in message.params.items())
    write = write or _outbox
    write(channel="sms", to=message.phone, subject=message.template, body=body, html="", at=message.at)
    return ""


def _outbox(**columns: Any) -> None:
    from terrace.kernel.models import OutboxMessage

    OutboxMessage.objects.create(**columns)
