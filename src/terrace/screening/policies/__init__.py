"""What may be shown at once, what waits for a moderator, what is refused."""

from terrace.screening.policies.machine import Found, Lists, Word, forget_lists, lists
from terrace.screening.policies.reading import Reading, bands, host_of, squeezed
from terrace.screening.policies.rules import RULES, Finding, Seen, breath

HOLDS = 1.0  # what signs weigh together when they hold a text

__all__ = [
    "HOLDS",
    "RULES",
    "Finding",
    "Found",
    "Lists",
    "Reading",
    "Seen",
    "Word",
    "bands",
    "breath",
    "findings",
    "forget_lists",
    "host_of",
    "lists",
    "outcome",
    "squeezed",
]


def findings(seen: Seen) -> list[Finding]:
    """Return what every rule found. Raises TooMany."""
    return [finding for rule in RULES for finding in rule(seen)]


def outcome(found: list[Finding]) -> str:
    """Return "refuse", "hold" or "allow" for what the rules found."""
    outcomes = {each.outcome for each in found}
    if "refuse" in outcomes:
        return "refuse"
    # Weights are tenths and twentieths; the sum of floats may fall a hair short.
    return "hold" if "hold" in outcomes or sum(each.weight for each in found) > HOLDS - 1e-6 else "allow"
