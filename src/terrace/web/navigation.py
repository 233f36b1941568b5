"""Lists of pages that several rooms bring together: the desk, and a member's settings."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from terrace.kernel import slots
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.products import policies as products
from terrace.web import brand

WAITING = slots.declare("web.waiting", "(member) -> how many things wait for this member at the desk")
DECIDES = slots.declare("web.decides", "(member) -> whether this member decides about the posts of any board")


def has_queue(member: Any) -> bool:
    """Return whether a member who is no staff keeps order in a board: their way to the queue stands in the menu."""
    return member is not None and not member.is_staff_role and any(slots.ask(DECIDES, member))


def desk_rooms(request: Request) -> list[dict[str, Any]]:
    """Return the desk's navigation for this member: what they may open."""
    waiting = sum(slots.ask(WAITING, request.member))
    operator = members.is_operator(request.member)
    queue = _room(request, _("To decide"), "moderation:queue", "flag", count=waiting)
    made = [
        _room(request, _("Products"), "products:console_products", "package-check"),
        _room(request, _("Teams"), "products:console_teams", "list-tree"),
    ]
    mine = [] if operator or products.hand(request.member).is_empty else [each for each in made if each]
    if not members.is_moderator(request.member):
        return [{"name": "", "items": [queue, *mine]}]  # of the boards where they keep order, and of their teams
    work = [
        _room(request, _("Desk"), "web:desk", "house"),
        queue,
        _room(request, _("Members"), "members:console_members", "users"),
        _room(request, _("Audit log"), "members:console_audit", "scroll-text"),
    ]
    house = [
        _room(request, _("Boards"), "web:console_boards", "layers"),
        *made,
        _room(request, _("Groups"), "memberships:console_groups", "users-round"),
        _room(request, _("Brand"), "web:console_brand", "settings"),
        _room(request, _("Uploads"), "web:console_uploads", "image-plus"),
        _room(request, _("Words"), "moderation:console_words", "shield"),
        _room(request, _("Product words"), "search:console_words", "search"),
    ]
    if members.is_administrator(request.member):
        house.append(_room(request, _("Levels"), "members:console_levels", "trending-up"))
    groups = [{"name": "", "items": [each for each in [*work, *mine] if each]}]
    if operator:
        groups.append({"name": _("House"), "items": [each for each in house if each]})
    return groups


def _room(request: Request, name: str, view: str, icon: str, count: int = 0) -> dict[str, Any] | None:
    if brand.is_off(view):
        return None
    try:
        url = reverse(view)
    except NoReverseMatch:
        return None
    current = request.path == url if view == "web:desk" else request.path.startswith(url)
    return {"name": name, "url": url, "icon": icon, "count": count, "due": bool(count), "current": current}


def settings_rooms(request: Request) -> list[dict[str, Any]]:
    """Return the pages of a member's settings. What is at no page's address belongs to the first, the account."""
    rooms = [
        _room(request, _("Account"), "members:settings", "key-round"),
        _room(request, _("Profile"), "members:settings_profile", "user-round"),
        _room(request, _("Security"), "members:settings_security", "shield-check"),
        _room(request, _("People"), "members:settings_people", "users"),
        _room(request, _("My devices"), "products:device_list", "smartphone"),
        _room(request, _("Notices"), "notifications:preferences", "bell"),
        _room(request, _("Your data"), "members:settings_data", "download"),
    ]
    found = [each for each in rooms if each]
    found[0]["current"] = not any(each["current"] for each in found[1:])
    return found
