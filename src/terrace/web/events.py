"""What happens to the brand. Staff acts: each is in the audit log."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class BrandChanged(Event):
    """The operator's choices about the brand are others now. `what` names them for people."""

    about: ClassVar[str] = "brand_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed the brand: %(what)s")
    brand_id: int
    what: str


@dataclass(frozen=True)
class BrandRestored(Event):
    """The brand is again what it was before."""

    about: ClassVar[str] = "brand_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("brought back the brand of %(day)s: %(what)s")
    brand_id: int
    day: str
    what: str
