"""What happens to the operator's words. Staff acts: each is in the audit log."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class ProductWordsChosen(Event):
    """The list of product words is another one: what came to it and what went from it, in words."""

    about: ClassVar[str] = "option"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed the product words (added: %(added)s; taken off: %(taken)s)")
    option: str
    added: str
    taken: str
