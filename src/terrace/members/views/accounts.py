"""What django-allauth asks of us: how addresses are found, what is said, where staff are sent, how secrets are kept."""

import base64
import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.views import ActivateTOTPView
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terrace.kernel import clock
from terrace.kernel.errors import Invalid
from terrace.members import actions, policies, queries
from terrace.members.models import Code, Member

SAID = {
    "mfa/messages/totp_activated.txt": gettext_lazy("The second factor is on."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The second factor is off."),
}
TOLD = {
    "mfa/email/totp_activated": "totp_on",
    "mfa/email/totp_deactivated": "totp_off",
    "mfa/email/recovery_codes_generated": "recovery_codes",
}


class Backend(AuthenticationBackend):
    """Sign-in by verified address. Unknown addresses cost the same time as wrong passwords."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Member | None:
        for channel in (Code.EMAIL, Code.PHONE):
            if credentials.get(channel):
                member = queries.by_contact(channel, credentials[channel])
                return self._check_password(member, credentials.get("password") or "")
        return None

    def get_user(self, user_id: int) -> Member | None:
        """Return whose session this is, unless they may not sign in any more."""
        member = queries.of_session(user_id)
        return member if member is not None and self.user_can_authenticate(member) else None


class AccountAdapter(DefaultAccountAdapter):
    """How allauth behaves here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """allauth's own sign-up is not used."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send staff without a second factor to set it up, a suspended member to the page that says why, others home."""
        member = cast(Member, request.user)
        if member.is_suspended(clock.now()):
            return reverse("members:suspended")
        if member.is_staff_role and not settings.TERRACE_DEMO and not queries.has_totp(member):
            return reverse("mfa_activate_totp")
        return "/"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Throttle per account and caller, so that nobody can lock somebody else out from afar."""
        login = credentials.get(Code.EMAIL) or credentials.get(Code.PHONE) or credentials.get("username") or ""
        return f"{login.lower()}|{self.get_client_ip(request)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address; a test or a socket without one is one caller."""
        if not request.META.get("REMOTE_ADDR"):
            return "0.0.0.0"  # noqa: S104  a value to count under, nothing listens here
        return super().get_client_ip(request)

    def reauthenticate(self, user: Member, password: str) -> bool:
        """Check the password once more, throttled like a sign-in."""
        self.pre_authenticate(context.request, username=f"again-{user.pk}")
        right = user.check_password(password)
        if right:
            self._rollback_login_failed_rl_usage()
        return right

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again for what is sensitive, unless this browser proved itself within the last minutes."""
        records = get_authentication_records(context.request, context.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return time.time() - newest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def phone_form_field(self, **kwargs: Any) -> Any:
        """Phone numbers are read by our own forms."""
        raise NotImplementedError

    def get_user_by_phone(self, phone: str) -> Member | None:
        """Return whose verified number this is."""
        try:
            return queries.by_contact(*policies.contact_of(phone))
        except Invalid:
            return None

    def get_phone(self, user: Member) -> tuple[str, bool] | None:
        """Return the number and whether it is verified."""
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say few things, in our own words."""
        template = args[0] if args else kwargs.get("message_template")
        if kwargs.get("message"):
            messages.add_message(request, level, kwargs["message"])
        elif template in SAID:
            messages.success(request, str(SAID[template]))

    def send_notification_mail(self, template_prefix: str, user: Member, *args: Any, **kwargs: Any) -> None:
        """Tell the member about a change of the second factor."""
        if template_prefix in TOLD:
            actions.tell_security(user, TOLD[template_prefix], key=f"{template_prefix}-{user.pk}-{int(time.time())}")


class SecondFactorAdapter(DefaultMFAAdapter):
    """How the second factor is kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong or too old. Check it, or wait for the next one."),
        "cannot_delete_authenticator": gettext_lazy("Staff sign in with a second factor; it stays on."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret at rest, under a key made from SECRET_KEY."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret for use."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Member) -> str:
        """Name the account in the authenticator app."""
        return user.handle

    def get_totp_issuer(self) -> str:
        """Name the house in the authenticator app."""
        return actions.brand_name()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Staff keep theirs; they set up another app by asking an administrator."""
        return not authenticator.user.is_staff_role


def _fernet() -> Fernet:
    key = salted_hmac("terrace.members.second_factor", "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


class ActivateTotp(ActivateTOTPView):
    """Setting up the second factor proves it for this session too."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app and go on to the recovery codes."""
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp")
        return response


def too_many() -> str:
    """Return the sentence for a caller who asks for too much."""
    return _("Too many tries from here. Wait a few minutes.")
