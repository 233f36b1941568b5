"""What this room hears, one call each. Wired in `web/wiring.py`; letters as outside listeners."""

from terrace.kernel.deliveries import Handed
from terrace.members import actions, queries
from terrace.members.events import ContactChanged, LadderChosen, PasswordChanged


def tell_of_contact(event: ContactChanged, handed: Handed) -> None:
    """Tell the old and the new address that an address was changed."""
    change = queries.contact_change(event.change_id)
    if change is not None:
        actions.tell_contact_change(change, key=handed.key)


def tell_of_password(event: PasswordChanged, handed: Handed) -> None:
    """Tell a member that the password was changed."""
    member = queries.by_id(event.member_id)
    if member is not None:
        actions.tell_security(member, "password_changed", key=handed.key)


def count_levels(event: LadderChosen, handed: Handed) -> None:
    """The ladder is another one: members stand on their new levels."""
    actions.count_levels()
