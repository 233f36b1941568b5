"""`terrace setup`: an empty community in five minutes, on the command line."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from terrace.cli import house

if TYPE_CHECKING:
    from terrace.cli import founding

LANGUAGES = ["zh-hans", "en"]
BOARDS = ["hardware", "small", "empty"]
REGISTRATION = ["open", "invitation", "closed"]
NEEDED = ["name", "boards", "registration", "handle", "email", "password"]  # without these nothing can be founded


@click.command()
@click.option("--name", help="Name of the brand.")
@click.option("--language", type=click.Choice(LANGUAGES), help="First language, and the language of what follows.")
@click.option("--boards", type=click.Choice(BOARDS), help="Boards to begin with.")
@click.option("--registration", type=click.Choice(REGISTRATION), help="Who may sign up.")
@click.option("--handle", help="The first administrator's handle.")
@click.option("--email", help="The first administrator's address.")
@click.option("--password", help="Asked for when it is not given.")
@click.option("--off", multiple=True, help="A section to switch off, by key; may be repeated.")
@click.option("--invite", multiple=True, help="An e-mail address of your team; may be repeated.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False), help="A picture of the mark.")
def command(language: str | None, **given: Any) -> None:
    """Set up an empty community: brand, boards, first administrator, invitations."""
    house.open_house()
    house.migrate()
    from django.utils import translation

    with translation.override(language or "en"):
        _refuse_twice()
        language = language or _choose("First language", LANGUAGES, "zh-hans")
    with translation.override(language):
        _set_up(language, given)


def _refuse_twice() -> None:
    from django.utils.translation import gettext as _

    from terrace.members import queries as members

    if members.has_administrator():
        _end(_("This community has an administrator already. Change things at the desk: /console/."))


def _set_up(language: str, given: dict[str, Any]) -> None:
    from django.utils.translation import gettext as _

    from terrace.cli import founding
    from terrace.kernel import clock
    from terrace.kernel.errors import Invalid

    try:
        plan = _plan(language, given)
        founded = founding.found(plan, now=clock.now())
    except Invalid as refused:
        _end(refused.sentence)
    said = {"brand": plan.name, "who": founded.administrator.email}
    click.echo(_("%(brand)s is ready. Start it with `terrace serve` and sign in with %(who)s.") % said)
    click.echo(_("Your first sign-in asks for a second factor: have an authenticator app at hand."))
    for letter in founded.letters:
        if letter.sent:
            click.echo(_("An invitation was written to %(who)s.") % {"who": letter.address})
    if founded.unsent:
        click.echo(founding.why_unsent())
        for letter in founded.unsent:
            click.echo(f"  {letter.address}  {letter.link}")


def _plan(language: str, given: dict[str, Any]) -> "founding.Plan":
    """Ask for what was not given; for what may be left out only where something else had to be asked, so not in a script.

    Raises Invalid for what was given and cannot be used, before anything is asked.
    """
    from django.utils.translation import gettext as _

    from terrace.cli import founding
    from terrace.members import policies as members

    off, team, logo = list(given["off"]), list(given["invite"]), _picture(given["logo"] or "")
    founding.check_sections(off)
    for each in [*team, given["email"]]:
        if each:
            founding.check_address(each)
    asks = not all(given[each] for each in NEEDED)
    name = given["name"] or _ask(_("Name of the brand"))
    template = given["boards"] or _choose(_("Boards to begin with"), BOARDS, "hardware")
    registration = given["registration"] or _choose(_("Who may sign up"), REGISTRATION, "open")
    if asks and not off:
        shown = ", ".join(founding.sections())
        off = _ask(_("Sections to switch off, of %(sections)s; empty for none") % {"sections": shown}, _sections, "")
    if asks and logo is None:
        logo = _ask(_("Path of a picture of the mark; empty for none"), _picture, "")
    handle = given["handle"] or _ask(_("Your handle"), members.clean_handle)
    email = given["email"] or _ask(_("Your e-mail address"), _address)
    password = given["password"] or _ask_password(handle, email)
    if asks and not team:
        team = _ask(_("E-mail addresses of your team, with commas between them; empty for none"), _team, "")
    return founding.Plan(
        name=name,
        language=language,
        template=template,
        registration=registration,
        handle=handle,
        email=email,
        password=password,
        team=team,
        off=off,
        logo=logo,
    )


def _ask(question: str, check: Callable[[str], Any] = str, default: str | None = None) -> Any:
    """Ask until the answer is one that `check` takes; return what it makes of it. Whoever answers wrong reads why."""
    from terrace.kernel.errors import Invalid

    while True:
        try:
            return check(click.prompt(question, default=default, show_default=False))
        except Invalid as refused:
            click.echo(refused.sentence)


def _listed(text: str) -> list[str]:
    return re.split(r"[\s,，、;；]+", text.strip(" ,，、;；")) if text.strip() else []


def _sections(text: str) -> list[str]:
    from terrace.cli import founding

    founding.check_sections(_listed(text))
    return _listed(text)


def _address(text: str) -> str:
    from terrace.cli import founding

    founding.check_address(text.strip())
    return text.strip()


def _team(text: str) -> list[str]:
    return [_address(each) for each in _listed(text)]


def _picture(path: str) -> bytes | None:
    """Return the bytes of a picture, None for no path. Raises Invalid for what cannot be read as one."""
    from django.utils.translation import gettext as _

    from terrace.cli import founding
    from terrace.kernel.errors import Invalid

    if not path.strip():
        return None
    try:
        data = Path(path.strip()).expanduser().read_bytes()
    except OSError as error:
        raise Invalid(_("“%(path)s” is not a file that can be read.") % {"path": path}) from error
    founding.check_logo(data)
    return data


def _choose(question: str, choices: list[str], default: str) -> str:
    from django.utils.translation import gettext as _

    shown = ", ".join(choices)
    while (answer := click.prompt(f"{question} ({shown})", default=default)) not in choices:
        click.echo(_("Type one of these: %(choices)s.") % {"choices": shown})
    return answer


def _ask_password(handle: str, email: str) -> str:
    from django.utils.translation import gettext as _

    from terrace.kernel.errors import Invalid
    from terrace.members import policies as members

    while True:
        password = click.prompt(_("Your password"), hide_input=True)
        if click.prompt(_("The same password again"), hide_input=True) != password:
            click.echo(_("These are two different passwords. Type it twice."))
            continue
        try:
            members.check_password(password, handle=handle, contact=email)
        except Invalid as refused:
            click.echo(refused.sentence)
            continue
        return password


def _end(sentence: str) -> None:
    """Say why nothing was done, and end with status 1."""
    click.echo(sentence, err=True)
    sys.exit(1)
