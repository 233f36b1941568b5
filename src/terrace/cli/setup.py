"""`terrace setup`: an empty community in five minutes, on the command line."""

import click

from terrace.cli import house


@click.command()
@click.option("--name", prompt="Name of the brand", help="Name of the brand.")
@click.option(
    "--language",
    type=click.Choice(["zh-hans", "en"]),
    default="zh-hans",
    prompt="First language",
    help="First language.",
)
@click.option(
    "--boards",
    type=click.Choice(["hardware", "small", "empty"]),
    default="hardware",
    prompt="Boards to begin with",
    help="Boards to begin with.",
)
@click.option(
    "--registration",
    type=click.Choice(["open", "invitation", "closed"]),
    default="open",
    prompt="Who may sign up",
    help="Who may sign up.",
)
@click.option("--handle", prompt="Your handle", help="The first administrator's handle.")
@click.option("--email", prompt="Your e-mail address", help="The first administrator's address.")
@click.option(
    "--password",
    prompt="Your password",
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when it is not given.",
)
@click.option("--off", multiple=True, help="A section to switch off, by key; may be repeated.")
@click.option("--invite", multiple=True, help="An e-mail address of your team; may be repeated.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False), help="A picture of the mark.")
def command(
    name: str,
    language: str,
    boards: str,
    registration: str,
    handle: str,
    email: str,
    password: str,
    off: tuple[str, ...],
    invite: tuple[str, ...],
    logo: str | None,
) -> None:
    """Set up an empty community: brand, boards, first administrator, invitations."""
    house.open_house()
    house.migrate()
    from pathlib import Path

    from terrace.cli import founding
    from terrace.kernel import clock
    from terrace.kernel.errors import Invalid
    from terrace.members import queries as members

    if members.has_administrator():
        raise click.ClickException("This community has an administrator already. Change things at the desk: /console/.")
    plan = founding.Plan(
        name=name,
        handle=handle,
        email=email,
        password=password,
        language=language,
        template=boards,
        registration=registration,
        team=list(invite),
        off=list(off),
        logo=Path(logo).read_bytes() if logo else None,
    )
    try:
        administrator = founding.found(plan, now=clock.now())
    except Invalid as refused:
        raise click.ClickException(refused.sentence) from refused
    print(f"{name} is ready. Start it with `terrace serve` and sign in as {administrator.handle}.")
    print("Your first sign-in asks for a second factor: have an authenticator app at hand.")
    for address in invite:
        print(f"An invitation was written to {address}.")
