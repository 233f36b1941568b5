"""Mail and text messages to a member, in the member's language. Templates: `members/mail/<letter>_text.html` (first line: the subject) and `<letter>.html`."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terrace.kernel import options, slots, sms
from terrace.kernel.errors import Refused
from terrace.members.models import Code, ContactChange, Member

LOOK = slots.declare("members.look", "() -> the brand's colours as hex, by theme (light, dark) and name of the design")

# What a text message says of a change: its template leaves a place for the words.
SPOKEN = {
    "old": gettext_lazy("no longer opens your account"),
    "new": gettext_lazy("now opens your account"),
    "password_changed": gettext_lazy("your password was changed"),
    "totp_on": gettext_lazy("the second factor is on"),
    "totp_off": gettext_lazy("the second factor is off"),
    "recovery_codes": gettext_lazy("new recovery codes were made"),
}

log = logging.getLogger(__name__)


def deliver(channel: str, contact: str, letter: str, params: dict[str, str], *, language: str, key: str) -> None:
    """Send a message at once. Raises Refused (503) with a sentence when the gateway does not take it."""
    try:
        if channel == Code.PHONE:
            sms.send(contact, letter, _spoken(params, language), key=key)
        else:
            _mail(contact, letter, params, language)
    except Exception as error:
        log.warning("message not sent", extra={"channel": channel, "letter": letter}, exc_info=True)
        raise Refused(_("We could not send the message just now. Try again in a minute."), status=503) from error


def _spoken(params: dict[str, str], language: str) -> dict[str, str]:
    """Return the parameters of a text message, with what was changed in words of the reader's language."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return {name: str(SPOKEN[value]) if name in {"which", "what"} else value for name, value in params.items()}


def _mail(address: str, letter: str, params: dict[str, str], language: str) -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        said: dict[str, Any] = {**params, "brand_name": brand_name(), "base_url": settings.TERRACE_BASE_URL}
        text = render_to_string(f"members/mail/{letter}_text.html", said).strip()
        subject, _sep, body = text.partition("\n")
        message = EmailMultiAlternatives(" ".join(subject.split()), body.strip() + "\n", None, [address])
        said |= {"subject": message.subject, "language": translation.get_language(), "look": _look()}
        message.attach_alternative(render_to_string(f"members/mail/{letter}.html", said), "text/html")
        message.send()


def _look() -> dict[str, dict[str, str]]:
    """Return the colours of the brand, `{"light": {"ink": "#1A201B", ...}, "dark": ...}`."""
    return next(iter(slots.ask(LOOK)))


def brand_name() -> str:
    """Return what the community is called, in the language in force."""
    names = options.get("brand.name") if "brand.name" in options.declared() else {}
    return names.get((translation.get_language() or "zh")[:2]) or next(iter(names.values()), "Terrace")


def write_invitation(actor: Member, address: str, link: str, *, days: int) -> None:
    """Invite somebody to the team: a letter in the actor's language with a link that lasts `days` days. Raises Refused."""
    params = {"handle": actor.handle, "link": link, "days": str(days)}
    deliver(Code.EMAIL, address, "invitation", params, language=actor.language, key=f"invitation-{address}")


def tell_contact_change(change: ContactChange, *, key: str) -> None:
    """Tell the old address and the new one that an address was changed, without saying the other one."""
    for which, contact in (("old", change.old), ("new", change.new)):
        if contact:
            params = {"handle": change.member.handle, "which": which}
            deliver(
                change.channel,
                contact,
                "contact_changed",
                params,
                language=change.member.language,
                key=f"{key}-{which}",
            )


def tell_security(member: Member, what: str, *, key: str) -> None:
    """Tell a member what changed about how they sign in: `password_changed`, `totp_on`, `totp_off`, `recovery_codes`."""
    params = {"handle": member.handle, "what": what}
    if member.email:
        deliver(Code.EMAIL, member.email, "security", params, language=member.language, key=key)
    elif member.phone:
        deliver(Code.PHONE, member.phone, "security", params, language=member.language, key=key)
