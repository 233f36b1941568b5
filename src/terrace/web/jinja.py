"""The template environment: what every page may use."""

import functools
import secrets
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.template.backends import jinja2 as django_jinja2
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, pass_context
from markupsafe import Markup, escape

from terrace.kernel import clock, live, remembered, slots
from terrace.kernel.addresses import address
from terrace.kernel.request import Request
from terrace.kernel.script import json_in_page
from terrace.kernel.words import breakable, edition
from terrace.members import queries as member_queries
from terrace.search import policies as search
from terrace.web import brand, contour, navigation, static, tokens, words

# Stands in drawn pieces for the reader's own token. Nobody can write it into a text: it is new with every process.
TOKEN = f"token-{secrets.token_hex(16)}"
INPUT = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(TOKEN)
BELL = slots.declare("web.bell", "(member_id) -> how many notices the member has not seen")


class Engine(django_jinja2.Jinja2):
    """Django's engine for Jinja2, whose pages get the reader's token last, so that pieces of them can be remembered."""

    def get_template(self, template_name: str) -> Any:
        """Return a template by its name."""
        found: Any = super().get_template(template_name)
        return Template(found.template, found.backend)


class Template(django_jinja2.Template):
    """One template."""

    def render(self, context: dict[str, Any] | None = None, request: Any = None) -> str:
        """Draw it, with the token of the one who asked."""
        drawn = super().render(context, request)
        return drawn.replace(TOKEN, tokens.token_of(request)) if request is not None and TOKEN in drawn else drawn


def environment(**options: Any) -> Environment:
    """Return Jinja2's environment, as Django's backend asks for it."""
    made = Environment(  # noqa: S701  autoescape is on, below
        **{
            **options,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(url=url, static=static.url, icon=icon, contour=contour_lines, remembered=piece)
    made.filters.update(
        ago=ago,
        day=words.day,
        exact=words.exact,
        span=words.span,
        iso=words.iso,
        count=words.count,
        tongue=words.tongue,
        foreign=words.foreign,
        naming=words.naming,
        words=breaking,
        json_data=json_in_page,
    )
    return made


def page(request: Request) -> dict[str, Any]:
    """Return what every page is given beside its own context."""
    search.learn_words()  # a title breaks between words
    member = getattr(request, "member", None)
    tried = getattr(request, "brand_values", None)
    return {
        "csrf_token": TOKEN,
        "csrf_input": INPUT,
        "member": member,
        "brand": brand.shown(request),
        "sections": brand.sections(request.path if tried is None else "/", tried),
        "language": get_language() or settings.LANGUAGE_CODE,
        "now": getattr(request, "now", None) or clock.now(),
        "demo": settings.TERRACE_DEMO,
        "me": member_queries.person(member) if member else None,
        "messages": get_messages(request),
        "bell": Bell(member.pk) if member else None,
        "has_queue": functools.partial(navigation.has_queue, member),
        "desk_rooms": navigation.desk_rooms(request) if member and request.path.startswith("/console/") else None,
        "settings_rooms": navigation.settings_rooms(request)
        if member and request.path.startswith("/settings/")
        else None,
    }


class Bell:
    """How many notices wait, counted when a page draws it: fragments never do."""

    def __init__(self, member_id: int) -> None:
        self._member_id = member_id

    @functools.cached_property
    def count(self) -> int:
        """Return the number of notices that were not seen."""
        return sum(slots.ask(BELL, self._member_id))

    @functools.cached_property
    def url(self) -> str:
        """Return the address of the stream that counts live."""
        return f"/live?token={live.token({f'member:{self._member_id}'})}"


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page."""
    return reverse(name, kwargs=kwargs) if kwargs else address(name, *args)


def piece(*key: Hashable, caller: Callable[[], str]) -> Markup:
    """Return what a `{% call remembered(...) %}` block draws. The key must say everything that the block shows, but for the language and the titles of levels."""
    return Markup(remembered.piece((get_language(), member_queries.titles_key(), *key), caller))  # noqa: S704  drawn by the autoescaped block


@functools.lru_cache(maxsize=1024)
def icon(name: str, size: str = "") -> Markup:
    """Return a drawn icon of the sprite; size is "", "s" or "l". It is hidden from screen readers: name the control."""
    css = f"i {size}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        css, static.url("icons.svg"), name
    )


@functools.lru_cache(maxsize=256)
def contour_lines(seed: int, width: int, height: int, count: int, on: int | None = None) -> Markup:
    """Return the drawn contour lines of the motif."""
    return Markup(contour.lines_svg(seed, width, height, count, on))  # noqa: S704  made of numbers


@pass_context
def ago(context: Any, moment: datetime) -> str:
    """Return how long ago something was, seen from the time of the page."""
    return words.ago(moment, context["now"])


def breaking(title: str) -> Markup:
    """Return a title whose lines may only break between words."""
    return _breaking(title, edition())


@functools.lru_cache(maxsize=8192)
def _breaking(title: str, _edition: int) -> Markup:
    return Markup("<wbr>").join(escape(word) for word in breakable(title))
