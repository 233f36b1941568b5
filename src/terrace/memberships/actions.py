"""Groups, and the right to enter them."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terrace.kernel import events, live, locks
from terrace.kernel.errors import Conflict, Invalid
from terrace.memberships import policies, queries
from terrace.memberships.events import EntitlementEnded, EntitlementGiven, GroupDeleted, GroupMade, GroupRenamed
from terrace.memberships.models import Entitlement, Group

NAMES = "memberships:names"


def _hold(group: Group) -> None:
    """Hold a group until the transaction ends: who is put in must not meet its deletion. Raises Conflict when it is gone."""
    locks.hold(f"memberships:{group.pk}")
    if not Group.objects.filter(pk=group.pk).exists():
        raise Conflict(_("This group was deleted a moment ago."))


def ensure_group(key: str, name: str) -> Group:
    """Return the group of this key, made if need be."""
    return Group.objects.get_or_create(key=key, defaults={"name": name})[0]


def make_group(name: str, *, by: int, now: datetime) -> Group:
    """Make a group; its key is made from the name. Raises Invalid for a name that cannot be, or is taken."""
    name = policies.clean_name(name)
    key = policies.key_of(name)
    with transaction.atomic():
        locks.hold(NAMES)
        _check_free(name)
        other = Group.objects.filter(key=key).first()
        if other is not None:
            told = _("“%(other)s” has the key %(key)s already. Choose a name that is read differently.")
            raise Invalid(told % {"other": other.name, "key": key}, field="name")
        group = Group.objects.create(key=key, name=name)
        events.record(GroupMade(group.pk, name), now=now, actor_id=by)
    return group


def rename_group(group: Group, name: str, *, by: int, now: datetime) -> None:
    """Call a group otherwise; its key stays. Raises Invalid for a name that cannot be, or is taken."""
    name = policies.clean_name(name)
    with transaction.atomic():
        locks.hold(NAMES, f"memberships:{group.pk}")
        _hold(group)
        _check_free(name, group)
        before = Group.objects.values_list("name", flat=True).get(pk=group.pk)
        if before != name:
            Group.objects.filter(pk=group.pk).update(name=name)
            events.record(GroupRenamed(group.pk, name, before), now=now, actor_id=by)
    group.name = name


def _check_free(name: str, own: Group | None = None) -> None:
    others = Group.objects.filter(name__iexact=name)
    if (others.exclude(pk=own.pk) if own else others).exists():
        raise Invalid(_("Another group is called so."), field="name")


def delete_group(group: Group, *, by: int, now: datetime) -> None:
    """Delete a group, with who is in it. Raises Conflict while something opens itself to the group."""
    try:
        with transaction.atomic():
            _hold(group)
            opens = queries.opened_by([group.pk]).get(group.pk)
            if opens:
                told = _("The rules of %(places)s use this group. Change them first.")
                raise Conflict(told % {"places": _(", ").join(each.name for each in opens)})
            inside = queries.member_count(group.pk, now)
            Group.objects.filter(pk=group.pk).delete()
            events.record(GroupDeleted(group.pk, group.name, inside), now=now, actor_id=by)
    except IntegrityError as error:
        # A rule that names the group was written between the question and the deletion.
        raise Conflict(_("Something began to use this group a moment ago. Look again.")) from error


def give(
    group: Group, member_id: int, *, reason: str, now: datetime, by: int | None = None, until: datetime | None = None
) -> None:
    """Let a member into a group, up to but not including `until` (without an end when None). Giving again moves the end.

    `by` None says that no staff acted. Raises Invalid without a reason or with an end that has passed, Conflict when the
    group is gone.
    """
    reason = policies.clean_reason(reason)
    if until is not None and until <= now:
        raise Invalid(_("The end has to be in the future."), field="until")
    with transaction.atomic():
        _hold(group)
        row = Entitlement.objects.filter(group=group, member_id=member_id).first()
        inside = row is not None and not row.is_over(now)
        if row is not None and inside and (row.ends_at, row.reason) == (until, reason):
            return
        starts = row.starts_at if row is not None and inside else now
        Entitlement.objects.update_or_create(
            group=group, member_id=member_id, defaults={"starts_at": starts, "ends_at": until, "reason": reason}
        )
        given = EntitlementGiven(
            member_id=member_id,
            group_id=group.pk,
            reason=reason,
            group=group.name,
            until=_last_day(until),
            own=by is None,
        )
        events.record(given, now=now, actor_id=by)


def _last_day(until: datetime | None) -> str:
    return timezone.localtime(until - timedelta(seconds=1)).date().isoformat() if until else ""


def end(group: Group, member_id: int, *, reason: str, now: datetime, by: int | None = None) -> bool:
    """Take a member out of a group; return whether they were in it. Open pages of theirs ask again what they may hear.

    `by` None says that no staff acted. Raises Invalid without a reason, Conflict when the group is gone.
    """
    reason = policies.clean_reason(reason)
    with transaction.atomic():
        _hold(group)
        ended, _each = Entitlement.objects.filter(group=group, member_id=member_id).delete()
        if ended:
            over = EntitlementEnded(
                member_id=member_id, group_id=group.pk, reason=reason, group=group.name, own=by is None
            )
            events.record(over, now=now, actor_id=by)
            live.close(member_id)
    return bool(ended)


def forget_member(member_id: int) -> None:
    """Drop what this room holds about a member who has left."""
    Entitlement.objects.filter(member_id=member_id).delete()
