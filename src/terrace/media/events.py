"""What happens to uploads."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class PictureKept(Event):
    """A picture came in and was drawn; lighter renditions of it are still to be made."""

    about = "upload_id"
    upload_id: int
    member_id: int


@dataclass(frozen=True)
class LimitsChanged(Event):
    """What members may send is another now. A staff act: it is in the audit log."""

    about = "operator_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed what members may send")
    operator_id: int
