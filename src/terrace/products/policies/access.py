"""Who may change products and teams: operators everything, leads and product managers what is their team's."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from terrace.kernel.errors import Missing, Refused
from terrace.members import policies as members
from terrace.members.models import Member
from terrace.products.models import Module, Product, Team, TeamMember

RUNNING = frozenset({TeamMember.LEAD, TeamMember.MANAGER})


@dataclass(frozen=True, slots=True)
class Hand:
    """What one person may do here. `runs` and `inside` are ids of teams, each with the feature teams below it."""

    member: Member | None
    keeps: bool = False
    runs: frozenset[int] = frozenset()
    inside: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing here for them to do."""
        return not self.keeps and not self.inside

    def sees_team(self, team: Team) -> bool:
        """Whether they look at a team at the desk."""
        return self.keeps or team.pk in self.inside

    def runs_team(self, team: Team) -> bool:
        """Whether they change a team: its entry, hours and people."""
        return self.keeps or team.pk in self.runs

    def runs_product(self, product: Product) -> bool:
        """Whether they change a product's modules, versions and builds."""
        return self.keeps or product.team_id in self.runs

    def changes_module(self, module: Module, product: Product) -> bool:
        """Whether they change a module: who runs the product, or the team that owns the module."""
        return self.runs_product(product) or module.team_id in self.runs


def hand(member: Member | None) -> Hand:
    """Return what somebody may do with products and teams, with at most two queries."""
    if member is None or not members.is_staff(member):
        return Hand(member)
    if members.is_operator(member):
        return Hand(member, keeps=True)
    parts = dict(TeamMember.objects.filter(member=member).values_list("team_id", "part"))
    below = dict(Team.objects.filter(parent_id__in=parts).values_list("pk", "parent_id")) if parts else {}
    runs = {team_id for team_id, part in parts.items() if part in RUNNING}
    inside = set(parts) | set(below)
    return Hand(
        member, False, frozenset(runs | {one for one, above in below.items() if above in runs}), frozenset(inside)
    )


def check_desk(member: Member | None) -> Hand:
    """Return what a member of staff may do here. Raises Missing for whoever is in no team, SecondFactorNeeded."""
    members.check_staff(member)
    found = hand(member)
    if found.is_empty:
        raise Missing
    return found


def check_keep(by: Hand) -> None:
    """Let operators and administrators through. Raises Missing."""
    if not by.keeps:
        raise Missing


def check_run_team(by: Hand, team: Team) -> None:
    """Raise Missing for whoever is not in the team, Refused for whoever does not run it."""
    if not by.sees_team(team):
        raise Missing
    if not by.runs_team(team):
        raise Refused(_("Only its lead, its product managers and operators change a team."))


def can_see_product(by: Hand, product: Product) -> bool:
    """Return whether somebody looks at a product at the desk: its team, and teams that own a module of it."""
    if by.keeps or product.team_id in by.inside:
        return True
    return bool(by.inside) and Module.objects.filter(product=product, team_id__in=by.inside).exists()


def check_see_product(by: Hand, product: Product) -> None:
    """Raise Missing for whoever has nothing to do with a product."""
    if not can_see_product(by, product):
        raise Missing


def check_run_product(by: Hand, product: Product) -> None:
    """Raise Missing for whoever has nothing to do with a product, Refused for whoever does not run it."""
    check_see_product(by, product)
    if not by.runs_product(product):
        raise Refused(_("Only the team that releases this product, and operators, change it."))


def check_change_module(by: Hand, module: Module, product: Product) -> None:
    """Raise Missing for whoever has nothing to do with a product, Refused for whoever does not own the module."""
    check_see_product(by, product)
    if not by.changes_module(module, product):
        raise Refused(_("Only the team that owns this module, and who runs the product, change it."))
