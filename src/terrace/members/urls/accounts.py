"""Addresses under /accounts/ by the names that django-allauth looks up; of its own pages only those that we use are here."""

from allauth.account.views import account_inactive, login, logout, reauthenticate
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as second_factor_again
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import path
from django.views.generic import RedirectView

from terrace.members.views import entry
from terrace.members.views.accounts import ActivateTotp

_security = RedirectView.as_view(pattern_name="members:settings_security")

urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
    path("signup/", entry.sign_up, name="account_signup"),
    path("reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("password/reset/", entry.reset, name="account_reset_password"),
    path("login/code/", entry.code_sign_in, name="account_request_login_code"),
    path("2fa/", _security, name="mfa_index"),
    path("2fa/authenticate/", authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor_again, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sessions/", _security, name="usersessions_list"),
]
