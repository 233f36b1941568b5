"""Django's settings, made from Terrace's own few."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from terrace.kernel import config as _config

CONFIG = _config.load()
TERRACE_DATA: Path = CONFIG["data"]
TERRACE_DEMO: bool = CONFIG["demo"]
TERRACE_SMS: dict = CONFIG["sms"]
TERRACE_REDIS_URL: str = CONFIG["redis_url"]
TERRACE_BASE_URL: str = CONFIG["base_url"].rstrip("/")
TERRACE_WORKERS: int = CONFIG["workers"]
TERRACE_THREADS: int = CONFIG["threads"]
TERRACE_TRUSTED_PROXIES: int = CONFIG["trusted_proxies"]
PACKAGE = Path(__file__).resolve().parents[2]

SECRET_KEY = CONFIG["secret_key"]
DEBUG = False
ALLOWED_HOSTS = CONFIG["hosts"]
DATABASES = {"default": _config.database(CONFIG["database_url"], TERRACE_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "kernel",
    "screening",
    "media",
    "members",
    "products",
    "memberships",
    "forum",
    "rewards",
    "moderation",
    "search",
    "notifications",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *(f"terrace.{room}" for room in ROOMS),
    "terrace.web",
]
MIDDLEWARE = [
    "terrace.web.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "terrace.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "terrace.web.middleware.errors",
    "terrace.web.first_run.quiet",
    "terrace.web.middleware.member",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
ROOT_URLCONF = "terrace.web.urls"
WSGI_APPLICATION = "terrace.web.wsgi.application"
ASGI_APPLICATION = "terrace.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "terrace.web.jinja.Engine",
        "NAME": "jinja2",
        "DIRS": [PACKAGE / room / "templates" for room in ("web", *ROOMS)],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "terrace.web.jinja.environment",
            "context_processors": ["terrace.web.jinja.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["terrace.kernel.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_ENGINE = "terrace.web.sessions"
SESSION_COOKIE_NAME = "terrace_session"
CSRF_COOKIE_NAME = "terrace_csrf"
CSRF_FAILURE_VIEW = "terrace.web.views.csrf_failed"
CSRF_TRUSTED_ORIGINS = [TERRACE_BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TERRACE_BASE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TERRACE_TRUSTED_PROXIES else None

LANGUAGE_CODE = CONFIG["language"]
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "terrace_language"
LOCALE_PATHS = [PACKAGE / room / "locale" for room in ("web", "cli", *ROOMS)]  # before the catalogues of other packages
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG["time_zone"]

STATIC_URL = "/static/"
MEDIA_ROOT = TERRACE_DATA / "media"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CACHES = {
    "default": {"BACKEND": "terrace.kernel.shared_cache.SharedCache", "LOCATION": TERRACE_REDIS_URL}
    if TERRACE_REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}

if CONFIG["mail_url"]:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    vars().update(_config.mail(CONFIG["mail_url"]))
else:
    EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG["mail_from"] or "terrace@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "terrace.kernel.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TERRACE_LOG_LEVEL", "WARNING")},
}

from terrace.web.settings.accounts import *  # noqa: E402, F403
