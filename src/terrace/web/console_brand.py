"""The brand at the desk: one form, a preview of what it would look like, and the way back."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.kernel.errors import Conflict, Invalid, Missing, TooMany
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members import queries as member_queries
from terrace.web import brand as brand_of
from terrace.web import brand_sheet, colours, rebrand, styleguide, views
from terrace.web.brand import Values
from terrace.web.brand_form import CORNERS, FONTS, PAPERS, PICTURES, BrandForm, kept
from terrace.web.console import OPERATORS
from terrace.web.middleware import POLICY

TRIED_FOR = 3600  # seconds that a preview can be looked at
SHOWS = ("home", "topic")
# The desk shows our own pages in frames, and only the preview may stand in one.
_FRAMING = POLICY.replace("default-src 'none'", "default-src 'none'; frame-src 'self'")
_FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@require_http_methods(["GET", "POST"])
def brand(request: Request) -> HttpResponse:
    """Set up the brand, or only look at what it would become."""
    members.check_staff(request.member, *OPERATORS)
    present = brand_of.values()
    if request.method == "GET":
        return _page(request, BrandForm(present=present), present)
    typed, refused = _with_pictures(request)
    form = BrandForm(typed, request.FILES, present=present)
    form.full_clean()
    for what, sentence in refused.items():
        form.add_error(what, sentence)
    if typed.get("act") == "preview":
        return _page(request, form, form.values(), trying=True)
    if not form.is_valid():
        return _page(request, form, form.values(), status=422)
    try:
        new = rebrand.save(form.values(), since=form.cleaned_data["since"], member=request.member, now=request.now)
    except Conflict as conflict:
        form.add_error(None, conflict.sentence)
        typed["since"] = brand_of.stamp(brand_of.values())
        return _page(request, form, form.values(), status=409)
    messages.success(request, _("Saved. Everybody sees it now.") if new else _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _with_pictures(request: Request) -> tuple[QueryDict, dict[str, str]]:
    """Keep the chosen pictures, whatever else is wrong with the form: none of them has to be chosen again."""
    typed, refused = request.POST.copy(), {}
    for what in PICTURES:
        file = request.FILES.get(what)
        if file is None:
            continue
        try:
            typed[f"{what}_kept"] = kept(rebrand.keep_picture(what, file, member=request.member, now=request.now))
            typed.pop(f"{what}_gone", None)
        except (Invalid, TooMany) as error:
            refused[what] = error.sentence
    return typed, refused


def _page(
    request: Request, form: BrandForm, chosen: Values, *, status: int = 200, trying: bool = False
) -> HttpResponse:
    show = request.POST.get("show", "home")
    show = show if show in SHOWS else "home"
    context = {
        "form": form,
        "shows": [("home", _("Home")), ("topic", _("Topic"))],
        "show": show,
        "try_url": _try_url(request, chosen, show),
        "solved": _solved(chosen),
        "near": colours.near(chosen["look"]["accent"]),
        "pictures": _pictures(chosen),
        "faint": _faint(chosen),
    }
    if trying and request.headers.get("HX-Request"):
        response = render(request, "web/_console_brand_live.html", context)
    else:
        context |= {"versions": _versions(), "choices": _choices(form), "trying": trying}
        response = render(request, "web/console_brand.html", context, status=status)
    response.headers["Content-Security-Policy"] = _FRAMING
    return response


def _try_url(request: Request, chosen: Values, show: str) -> str:
    token = signing.dumps(chosen, salt=_salt(request), compress=True)
    return f"{reverse('web:console_brand_preview')}?show={show}&v={token}"


def _salt(request: Request) -> str:
    return f"terrace.brand.try.{request.member.pk}"


def _solved(chosen: Values) -> list[dict[str, Any]]:
    """Return what was made of the operator's colour in each theme, with its contrasts before and after."""
    look = brand_of.look(chosen)
    made = colours.palette(look.accent, look.paper)
    rows = []
    for name, theme in ((_("Light"), made.light), (_("Dark"), made.dark)):
        rows.append(
            {
                "theme": name,
                "before": colours.measure(look.accent, theme),
                "after": colours.measure(theme.hexes["accent"], theme),
                "hover": theme.hexes["accent-hi"],
                "wash": theme.hexes["wash"],
                "on": theme.hexes["on-accent"],
                "page": theme.hexes["page"],
                "tread": theme.hexes["tread-2"],
            }
        )
    return rows


def _pictures(chosen: Values) -> dict[str, str]:
    """Return addresses of what is chosen, by field; without an icon of its own, of what is drawn instead."""
    logos = {what: shown.url for what in ("logo", "logo_dark") if (shown := brand_of.logo_of(chosen[what]))}
    others = {"icon": chosen["icon"], "hero": chosen["hero"]["picture"]}
    return logos | {what: brand_of.media.address(key, 320) for what, key in others.items() if key}


def _faint(chosen: Values) -> str:
    """Return in which colours the logo can hardly be seen ("light", "dark"), or nothing. A logo on a ground of its own always can."""
    seen = {"light": chosen["logo"], "dark": chosen["logo_dark"] or chosen["logo"]}
    bright = {theme: brand_of.media.brightness(key) if key else None for theme, key in seen.items()}
    if bright["dark"] is not None and bright["dark"] < 0.25:
        return "dark"
    return "light" if bright["light"] is not None and bright["light"] > 0.85 else ""


def _choices(form: BrandForm) -> dict[str, list[dict[str, Any]]]:
    """Return the choices that are drawn with a sample each."""
    known = {"paper": PAPERS, "corners": CORNERS, "font": FONTS}
    return {
        name: [
            {"value": value, "label": label, "on": form[name].value() == value, "sample": _sample(name, value)}
            for value, label in choices
        ]
        for name, choices in known.items()
    }


def _sample(name: str, value: str) -> Any:
    if name != "paper":
        return value
    made = colours.palette(colours.ACCENT, value)
    return [made.light.hexes[each] for each in ("tread", "line", "edge")] + [made.dark.hexes["tread"]]


def _versions() -> list[dict[str, Any]]:
    found = rebrand.versions()
    people = member_queries.persons(each["by"] for each in found)
    return [
        {
            "number": each["number"],
            "at": each["at"],
            "by": people.get(each["by"]),
            "name": brand_of.said(each["values"]["name"], brand_of.language()),
            "accent": each["values"].get("look", brand_of.blank()["look"])["accent"],
        }
        for each in found
    ]


@require_POST
def brand_restore(request: Request, number: int) -> HttpResponse:
    """Bring back an earlier version of the brand."""
    members.check_staff(request.member, *OPERATORS)
    rebrand.restore(number, member=request.member, now=request.now)
    messages.success(request, _("The earlier brand is back."))
    return HttpResponseRedirect(reverse("web:console_brand"))


@require_safe
def brand_preview(request: Request) -> HttpResponse:
    """Show home or a topic with choices that nobody has saved yet."""
    members.check_staff(request.member, *OPERATORS)
    show = request.GET.get("show", "home")
    if show not in SHOWS:
        raise Missing
    try:
        chosen = signing.loads(request.GET.get("v", ""), salt=_salt(request), max_age=TRIED_FOR)
    except signing.BadSignature:
        chosen = brand_of.values()
    brand_of.try_on(request, {**brand_of.blank(), **chosen})
    theme = request.GET.get("theme", "")
    context = {"theme": theme if theme in {"light", "dark"} else "", "still": True}
    if show == "home":
        response = render(request, "web/home.html", {**views.home_parts(request, "hot"), **context})
    else:
        context["forum"] = brand_of.section_name(brand_of.values_for(request), "forum") or _("Forum")
        response = render(request, "web/brand_try_topic.html", {**styleguide.sample(request.now), **context})
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def brand_try_sheet(request: Request) -> HttpResponse:
    """Answer the style sheet of a look that nobody has saved yet."""
    members.check_staff(request.member, *OPERATORS)
    own = brand_sheet.OWN
    try:
        asked = {name: request.GET.get(name, getattr(own, name)) for name in ("accent", "paper", "corners", "font")}
        text = brand_sheet.sheet(brand_sheet.Look(**asked))
    except (ValueError, KeyError) as error:
        raise Missing from error
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
