"""How dates and numbers are said, in the reader's language (the rules are in the voice of the art direction)."""

import re
from datetime import UTC, date, datetime

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

NBSP = "\u00a0"


def chinese() -> bool:
    """Return whether the reader's language is Chinese."""
    return (get_language() or "zh").startswith("zh")


def _locale() -> str:
    return "zh_Hans_CN" if chinese() else "en_GB"


def day(moment: datetime | date, today: date | None = None) -> str:
    """Return “7 月 18 日” or “18 July”, with the year when it is not this one."""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    this_year = (today or timezone.localdate()).year == local.year
    if chinese():
        text = f"{local.month}{NBSP}月{NBSP}{local.day}{NBSP}日"
        return text if this_year else f"{local.year}{NBSP}年{NBSP}{text}"
    return format_date(local, "d MMMM" if this_year else "d MMMM y", locale=_locale())


def exact(moment: datetime) -> str:
    """Return date and time to the minute."""
    return format_datetime(timezone.localtime(moment), "y-MM-dd HH:mm", locale=_locale())


def ago(moment: datetime, now: datetime) -> str:
    """Return minutes and hours for today, words for this week, and the date after that."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    local, here = timezone.localtime(moment), timezone.localtime(now)
    days = (here.date() - local.date()).days
    if days == 0:
        hours = int(seconds // 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if days == 1:
        return gettext("yesterday")
    if days < 7:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return day(moment, here.date())


def span(seconds: int) -> str:
    """Return how long something takes: minutes, hours and minutes below a day, then days."""
    minutes = max(round(seconds / 60), 1)
    hours, days = minutes // 60, round(minutes / 1440)
    if not hours:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if hours < 24 and minutes % 60:
        return gettext("%(h)s\u00a0h %(m)s\u00a0min") % {"h": hours, "m": minutes % 60}
    if hours < 24:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def iso(moment: datetime) -> str:
    """Return the moment for a `datetime` attribute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_TAG = re.compile("<[^>]*>")


def tongue(text: str) -> str:
    """Return the language that a text (or its HTML) is written in, for a `lang` attribute: zh-Hans, en, or nothing where it has no letters."""
    bare = _TAG.sub("", str(text))
    han, latin = len(_HAN.findall(bare)), len(_LATIN.findall(bare))
    if not han and latin < 2:
        return ""
    return "zh-Hans" if han * 4 > latin else "en"


def foreign(text: str) -> Markup:
    """Return ` lang="…"` for a text in another language than the page's, as a browser reads and hyphenates it; else nothing."""
    spoken = tongue(text)
    return Markup(' lang="{}"').format(spoken) if spoken and (spoken != "en") != chinese() else Markup("")


def naming(text: str, name: str) -> Markup:
    """Return a sentence of the page with a name in it, a topic's say, marked as what it is where it is in another language."""
    before, found, after = text.partition(name) if name else (text, "", "")
    spoken = foreign(found)
    return Markup("{}<span{}>{}</span>{}").format(before, spoken, found, after) if spoken else Markup("{}").format(text)


def count(number: int, *, short: bool = False) -> str:
    """Return 12,806; when `short` and of five digits or more, 1.3 万 or 13k."""
    if not short or number < 10_000:
        return f"{number:,}"
    if chinese():
        return f"{_trim(number / 10_000)}{NBSP}万" if number < 100_000_000 else f"{_trim(number / 100_000_000)}{NBSP}亿"
    return f"{_trim(number / 1000)}k" if number < 1_000_000 else f"{_trim(number / 1_000_000)}M"


def _trim(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
