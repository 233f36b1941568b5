"""What happens to products, teams and devices, one function per act."""

from terrace.products.actions.devices import add_device, drop_device, edit_device, forget_member
from terrace.products.actions.products import (
    add_module,
    edit_module,
    edit_product,
    make_product,
    retire_product,
    set_picture,
)
from terrace.products.actions.teams import (
    edit_team,
    give_part,
    leave_team,
    make_team,
    set_hours,
    settle_staff,
)
from terrace.products.actions.versions import (
    add_build,
    edit_version,
    plan_version,
    raise_version,
    release_version,
)

__all__ = [
    "add_build",
    "add_device",
    "add_module",
    "drop_device",
    "edit_device",
    "edit_module",
    "edit_product",
    "edit_team",
    "edit_version",
    "forget_member",
    "give_part",
    "leave_team",
    "make_product",
    "make_team",
    "plan_version",
    "raise_version",
    "release_version",
    "retire_product",
    "set_hours",
    "set_picture",
    "settle_staff",
]
