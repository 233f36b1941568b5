"""Products and teams at the desk."""

from terrace.products.console.products import (
    console_module,
    console_module_new,
    console_product,
    console_product_edit,
    console_product_picture,
    console_product_retire,
    console_products,
)
from terrace.products.console.teams import (
    console_team,
    console_team_edit,
    console_team_hours,
    console_team_leave,
    console_team_part,
    console_teams,
)
from terrace.products.console.versions import (
    console_build_new,
    console_version,
    console_version_new,
    console_version_raise,
    console_version_release,
)

__all__ = [
    "console_build_new",
    "console_module",
    "console_module_new",
    "console_product",
    "console_product_edit",
    "console_product_picture",
    "console_product_retire",
    "console_products",
    "console_team",
    "console_team_edit",
    "console_team_hours",
    "console_team_leave",
    "console_team_part",
    "console_teams",
    "console_version",
    "console_version_new",
    "console_version_raise",
    "console_version_release",
]
