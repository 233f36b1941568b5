"""Who may change what, what things may be called, and when a team works."""

from terrace.products.policies.access import (
    Hand,
    can_see_product,
    check_change_module,
    check_desk,
    check_keep,
    check_run_product,
    check_run_team,
    check_see_product,
    hand,
)
from terrace.products.policies.hours import MINUTE, add_working_minutes, is_at_work, working_minutes
from terrace.products.policies.texts import (
    clean_holidays,
    clean_hours,
    clean_name,
    clean_number,
    clean_zone,
)

__all__ = [
    "MINUTE",
    "Hand",
    "add_working_minutes",
    "can_see_product",
    "check_change_module",
    "check_desk",
    "check_keep",
    "check_run_product",
    "check_run_team",
    "check_see_product",
    "clean_holidays",
    "clean_hours",
    "clean_name",
    "clean_number",
    "clean_zone",
    "hand",
    "is_at_work",
    "working_minutes",
]
