"""How members sign up and in. django-allauth does sign-in, second factor and sessions; sign-up and codes are the members room's."""

from terrace.kernel.config import load as _load

_CONFIG = _load()

AUTHENTICATION_BACKENDS = ["terrace.members.views.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
TERRACE_PHONE_REGION = "CN"  # where a number without a country code is dialled

ALLAUTH_TRUSTED_PROXY_COUNT = _CONFIG["trusted_proxies"]
ACCOUNT_ADAPTER = "terrace.members.views.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "terrace.members.forms.SignInForm",
    "reauthenticate": "terrace.members.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth's own sign-up is not mounted
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made from an address that has been verified
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,100/h/ip,8/10m/key",  # the key is account and address of the caller
    "code": "20/10m/ip",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "terrace.members.views.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "terrace.members.forms.SecondFactorForm",
    "reauthenticate": "terrace.members.forms.SecondFactorAgainForm",
    "activate_totp": "terrace.members.forms.ActivateTotpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there are no unverified ones
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False  # a write at every request; when a browser was last here stands on the member

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # handles are unique by their skeleton, which is stricter
