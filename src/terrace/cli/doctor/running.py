"""What runs on it: letters and messages, the worker and its deliveries, people, uploads."""

import time
from datetime import timedelta

from terrace.cli import house
from terrace.cli.doctor.ground import Finding

LATE = timedelta(minutes=5)  # how old a due delivery may be
ALIVE = timedelta(minutes=2)  # how old the worker's heartbeat may be
MEND_TEXTS = (
    "Mend TERRACE_SMS (docs/operations.md, Text messages) and start the server again; until then pages offer no phone."
)


def mail() -> Finding:
    """Check that the mail server takes our greeting."""
    from django.conf import settings

    if settings.EMAIL_BACKEND.endswith("OutboxBackend"):
        if settings.TERRACE_DEMO:
            return Finding("mail", None, "no server: letters are only kept in the outbox")
        return Finding(
            "mail",
            False,
            "no server: nobody gets a letter, so nobody can sign up, be invited or take a new password by e-mail",
            "Set TERRACE_MAIL_URL=smtp+tls://user:password@host:587 and start the server again.",
        )
    from django.core.mail import get_connection

    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        connection.close()
    except (TimeoutError, OSError) as error:
        return Finding(
            "mail",
            False,
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}",
            "Check TERRACE_MAIL_URL.",
        )
    return Finding("mail", True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def sms() -> Finding:
    """Say whether text messages go anywhere."""
    from django.conf import settings

    from terrace.members import policies as members

    backend = settings.TERRACE_SMS.get("backend", "console")
    if backend == "console":
        return Finding(
            "text messages",
            None,
            "no gateway: nobody can sign up or take a new password by phone",
            "Set TERRACE_SMS for Aliyun or Tencent Cloud if you want that.",
        )
    if why := members.why_no_texts():
        return Finding("text messages", False, why, MEND_TEXTS)
    return Finding("text messages", True, backend)


def posting() -> Finding:
    """Check that whoever signs up can write: a verified phone is asked for only where text messages go out."""
    from terrace.kernel import options
    from terrace.members import policies as members

    if not options.get("members.phone_before_post"):
        return Finding("posting", True, "no phone is asked for")
    if members.can_verify_phones():
        return Finding("posting", True, "the first post needs a verified phone")
    return Finding(
        "posting",
        False,
        "the first post needs a verified phone, and no text message goes out: nobody new can post",
        "Set TERRACE_SMS and start the server again, or switch this off at the desk, Invitations.",
    )


def notifications() -> Finding:
    """Check that devices can be told, and that those who wanted it still can be."""
    from django.conf import settings

    from terrace.notifications import queries

    if not house.settings_or_exit()["secret_key"]:
        return Finding("notifications", False, "their key is made from the secret key, and there is none", "See above.")
    lost = queries.lost_devices()
    if lost:
        return Finding(
            "notifications",
            False,
            f"{lost} devices were turned on under another secret key, and nothing reaches them",
            "Put the old TERRACE_SECRET_KEY back, or let their owners turn them on again in Settings, Notices.",
        )
    if not settings.TERRACE_BASE_URL.startswith("https://"):
        return Finding("notifications", None, "browsers allow them on https only", "Set TERRACE_BASE_URL to https://…")
    return Finding("notifications", True, f"devices: {queries.device_count()}")


def clock() -> Finding:
    """Compare this machine's clock with the database's, or with the file system's where both are one machine."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            away = abs(float(cursor.fetchone()[0]) - time.time())
        if away > 5:
            return Finding(
                "clock",
                False,
                f"{away:.0f} s apart from the database's",
                "Run a time service (chrony) on both machines.",
            )
        return Finding("clock", True, "the same as the database's")
    year = time.gmtime().tm_year
    if year < 2026:
        return Finding(
            "clock", False, f"it is {year} here", "Run a time service (chrony); codes and sessions depend on the time."
        )
    return Finding("clock", True, time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))


def worker() -> Finding:
    """Check that a worker has said that it is alive."""
    from terrace.kernel import clock as kernel_clock
    from terrace.kernel.models import Heartbeat

    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is None:
        return Finding("worker", None, "has never run", "It runs with `terrace serve`.")
    age = kernel_clock.now() - beat.at
    if age > ALIVE:
        return Finding(
            "worker",
            False,
            f"was last seen {int(age.total_seconds() // 60)} minutes ago",
            "Start `terrace serve` (or `--role worker`).",
        )
    return Finding("worker", True, "alive")


def deliveries() -> Finding:
    """Check that nothing waits too long and nothing was given up."""
    from terrace.kernel import clock as kernel_clock
    from terrace.kernel.models import Delivery

    dead = Delivery.objects.filter(state=Delivery.DEAD).count()
    oldest = Delivery.objects.filter(state=Delivery.DUE).order_by("due_at").first()
    if dead:
        return Finding(
            "deliveries",
            False,
            f"{dead} were given up",
            "See `terrace events dead`, mend the cause, then `terrace events replay --all`.",
        )
    if oldest is not None and kernel_clock.now() - oldest.due_at > LATE:
        return Finding(
            "deliveries",
            False,
            f"the oldest waits since {oldest.due_at:%Y-%m-%d %H:%M} UTC",
            "Is the worker running? See `terrace events pending`.",
        )
    return Finding("deliveries", True, "nothing waits too long")


def administrator() -> Finding:
    """Check that somebody hosts the community."""
    from terrace.members import queries as members

    if members.has_administrator():
        return Finding("administrator", True, "there is one")
    return Finding(
        "administrator",
        False,
        "nobody hosts this community",
        "Run `terrace setup`, or `terrace serve` and open the address it prints.",
    )


def uploads() -> Finding:
    """Check that every upload has its files, and that no files lie there without one."""
    from terrace.media import queries as media

    store = media.store()
    if store.missing:
        return Finding(
            "uploads",
            False,
            f"{len(store.missing)} of {store.uploads} have lost their files, such as {store.missing[0]}",
            "Bring the folder media back from a backup of the same day as the database.",
        )
    if len(store.strays) > max(media.FEW, store.uploads):
        return Finding(
            "uploads",
            False,
            f"{len(store.strays)} folders belong to no upload, more than the {store.uploads} that do",
            "Is this the right database? Nothing is swept away until it is.",
        )
    rest = f", {len(store.strays)} folders without one are swept away within a day" if store.strays else ""
    return Finding("uploads", True, f"{store.uploads}, all with their files{rest}")
