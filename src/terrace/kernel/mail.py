"""Mail that nobody carries away: without a configured server, messages are kept where the demo and tests can read them."""

from django.core.mail.backends.base import BaseEmailBackend

from terrace.kernel import clock
from terrace.kernel.models import OutboxMessage


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes each message into the outbox table."""

    def send_messages(self, email_messages) -> int:
        """Keep the messages; return how many."""
        rows = [
            OutboxMessage(
                channel="mail",
                to=", ".join(message.recipients())[:320],
                subject=message.subject[:300],
                body=message.body,
                html=next((part for part, kind in getattr(message, "alternatives", []) if kind == "text/html"), ""),
                at=clock.now(),
            )
            for message in email_messages
        ]
        OutboxMessage.objects.bulk_create(rows)
        return len(rows)
