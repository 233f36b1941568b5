"""`terrace setup`: an empty community in five minutes, on the command line."""

import sys
from pathlib import Path
from typing import Any

import click

from terrace.cli import house

LANGUAGES = ["zh-hans", "en"]
BOARDS = ["hardware", "small", "empty"]
REGISTRATION = ["open", "invitation", "closed"]


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

    plan = founding.Plan(
        name=given["name"] or _ask(_("Name of the brand")),
        language=language,
        template=given["boards"] or _choose(_("Boards to begin with"), BOARDS, "hardware"),
        registration=given["registration"] or _choose(_("Who may sign up"), REGISTRATION, "open"),
        handle=given["handle"] or _ask(_("Your handle")),
        email=given["email"] or _ask(_("Your e-mail address")),
        password=given["password"] or _ask_password(),
        team=list(given["invite"]),
        off=list(given["off"]),
        logo=Path(given["logo"]).read_bytes() if given["logo"] else None,
    )
    try:
        founded = founding.found(plan, now=clock.now())
    except Invalid as refused:
        _end(refused.sentence)
    said = {"brand": plan.name, "who": founded.administrator.handle}
    click.echo(_("%(brand)s is ready. Start it with `terrace serve` and sign in as %(who)s.") % said)
    click.echo(_("Your first sign-in asks for a second factor: have an authenticator app at hand."))
    for letter in founded.letters:
        if letter.sent:
            click.echo(_("An invitation was written to %(who)s.") % {"who": letter.address})
    if founded.unsent:
        click.echo(founding.why_unsent())
        for letter in founded.unsent:
            click.echo(f"  {letter.address}  {letter.link}")


def _ask(question: str) -> str:
    return click.prompt(question)


def _choose(question: str, choices: list[str], default: str) -> str:
    from django.utils.translation import gettext as _

    shown = ", ".join(choices)
    while (answer := click.prompt(f"{question} ({shown})", default=default)) not in choices:
        click.echo(_("Type one of these: %(choices)s.") % {"choices": shown})
    return answer


def _ask_password() -> str:
    from django.utils.translation import gettext as _

    while True:
        password = click.prompt(_("Your password"), hide_input=True)
        if click.prompt(_("The same password again"), hide_input=True) == password:
            return password
        click.echo(_("These are two different passwords. Type it twice."))


def _end(sentence: str) -> None:
    """Say why nothing was done, and end with status 1."""
    click.echo(sentence, err=True)
    sys.exit(1)
