"""All settings, from the environment. `DEMO=1` gives the embedded demonstration; without it, production is checked."""

import subprocess
from datetime import timedelta
from pathlib import Path

import django.conf.locale
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import languages, mail_settings

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("MUFAKAT_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- What kind of place this is -------------------------------------------------------------------------------
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)


def needed(name: str, demo_value: str) -> str:
    """Return a setting that production must give. Raises ImproperlyConfigured with a sentence that names it."""
    value = env.str(name, default="")
    if value:
        return value
    if DEMO:
        return demo_value
    message = f"{name} is not set. Set it in the environment, or set DEMO=1 to try Mufakat on embedded defaults."
    raise ImproperlyConfigured(message)


SECRET_KEY = needed("SECRET_KEY", "demonstration-only-not-a-secret-0123456789")
SITE_URL = needed("SITE_URL", f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
SITE_HOST = SITE_URL.split("://", 1)[-1]
ALLOWED_HOSTS = [SITE_HOST.rsplit(":", 1)[0], *env.list("ALLOWED_HOSTS", default=[])]
if DEMO:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MAIL_DOMAIN = SITE_HOST.rsplit(":", 1)[0]


def release() -> str:
    """Return what changes when the code changes, so that readers' copies of pages do not outlive it."""
    try:
        found = subprocess.run(
            ["git", "-C", str(BASE_DIR), "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.strip()


RELEASE = env.str("RELEASE", default="") or release()

# --- Apps and requests ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "portal",
    "stakeholders",
    "consultations",
    "recommendations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.PrivatePages",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.ReaderTime",
    "portal.middleware.SecondFactor",
    "portal.middleware.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.page",
                "stakeholders.views.hats.acting_for",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.templatetags.portal",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "portal.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # The suite runs on a file as well: threads and processes meet there as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
# A connection per thread is kept: opening one costs more than most pages.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits on sign-in must hold when Redis is gone, so they are counted in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    },
    # Counts what costs this process time: a reader's searches. Nothing is written to the database for them.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- People and sign-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "stakeholders.signing_in.Backend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.Adapter"
ACCOUNT_FORMS = {
    "request_login_code": "portal.accounts.SignInForm",
    "confirm_login_code": "portal.accounts.SignInCodeForm",
    "signup": "portal.accounts.SignUpForm",
    "confirm_email_verification_code": "portal.accounts.AddressCodeForm",
    "add_email": "portal.accounts.AddAddressForm",
    "change_email": "portal.accounts.ChangeAddressForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
# Sign-in by a code of six digits: ten minutes, three tries, the same browser.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How often, by internet address (ip), by account (user) or by the address that was typed (key). Generous where many
# people share one address, as in a workshop's hall; narrow where a code could be guessed.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip",
    "login": "30/m/ip",
    "request_login_code": "20/m/ip,3/m/key",  # each is a mail in somebody's mailbox
    "login_failed": "10/m/ip,5/5m/key",  # wrong codes, also those of the second step
    "reauthenticate": "10/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/10s/key",
}
# Who showed who they are within these seconds is not asked again before something about the account is changed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# The second step: an app that shows codes, passkeys, and recovery codes for the day on which the telephone is lost.
MFA_ADAPTER = "portal.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go wrong by half a minute
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_FORMS = {
    "authenticate": "portal.factors.SecondStepForm",
    "reauthenticate": "portal.factors.ConfirmForm",
    "activate_totp": "portal.factors.ActivateAppForm",
    "add_webauthn": "portal.factors.AddPasskeyForm",
    "edit_webauthn": "portal.factors.RenamePasskeyForm",
}
RECOVERY_CODES_FEW = 3  # with so many left, or fewer, the page asks to make new ones
# Behind a proxy, limits count the reader's address as the proxy saw it, not the proxy's own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
# What may be asked for how often, beside allauth's own limits. Many people share one address of the net on a phone, so
# that limit is wide; the one per contact address keeps a stranger's mailbox from being filled with receipts.
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A session ends by itself when nobody touched it for so long: an hour, and half of it for people whose account opens
# what others must not see.
SESSION_COOKIE_AGE = int(timedelta(minutes=60).total_seconds())
SESSION_TRUSTED_AGE = int(timedelta(minutes=30).total_seconds())
SESSION_TOUCH_SECONDS = 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"

# --- Languages, times -----------------------------------------------------------------------------------------
LANGUAGE_CODE = languages.DEFAULT
LANGUAGES = languages.interface_choices()
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.DEFAULT
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("en", "id")}
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
for _code, _name in (("lo", "Lao"), ("fil", "Filipino"), ("tet", "Tetum")):
    django.conf.locale.LANG_INFO.setdefault(
        _code,
        {
            "bidi": False,
            "code": _code,
            "name": _name,
            "name_local": languages.own_name(_code),
        },
    )

# --- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.storage.Statics"},
}
# Never served by itself: lists are read by a worker and deleted, papers are handed out after a check of rights.
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
# The keys of open secret ballots. Leave this folder out of every backup: a key is destroyed when its ballot is counted.
BALLOT_KEYS_DIR = Path(env.str("BALLOT_KEYS_DIR", default=str(VAR_DIR / "ballot-keys")))
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = int(timedelta(days=365).total_seconds())

# Finished public pages that each process keeps in memory until the next act: about five kilobytes each.
KEPT_PAGES = env.int("KEPT_PAGES", default=0 if DEBUG else 300)

# --- Mail: see portal/mail_settings.py --------------------------------------------------------------------------
globals().update(mail_settings.read(env, MAIL_DOMAIN))
if MAIL_DOMAIN in {"127.0.0.1", "localhost"}:
    MAIL_DOMAIN = "mufakat.example"
if not env.str("MAIL_PROVIDER", default=""):
    needed("EMAIL_URL", "mailbox")
else:
    INSTALLED_APPS.append("anymail")

# --- Celery: the bell, not the queue --------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("REDIS_URL", default="") or needed("REDIS_URL", f"redis+socket://{VAR_DIR / 'valkey.sock'}")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 15,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be away for a night
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=30.0)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "portal.sweep_outbox", "schedule": SWEEP_SECONDS},
    "forget addresses": {"task": "portal.forget_addresses", "schedule": timedelta(hours=6)},
    "mark invitations that came back": {
        "task": "consultations.mark_undeliverable",
        "schedule": timedelta(minutes=5),
    },
    "close invitations to act for an organisation": {
        "task": "stakeholders.lapse_mandates",
        "schedule": timedelta(hours=6),
    },
    "offer seats to those who wait": {
        "task": "consultations.offer_seats",
        "schedule": timedelta(minutes=5),
    },
    "close invitations that nobody answered": {
        "task": "consultations.lapse_invitations",
        "schedule": timedelta(hours=1),
    },
    "remind those who have not answered": {
        "task": "consultations.send_due_reminders",
        "schedule": timedelta(hours=1),
    },
    "work on imported lists": {"task": "stakeholders.work_imports", "schedule": SWEEP_SECONDS},
    "forget imported lists": {"task": "stakeholders.forget_imports", "schedule": timedelta(hours=1)},
    "sweep papers": {"task": "consultations.sweep_papers", "schedule": timedelta(hours=1)},
    "sweep evidence": {"task": "recommendations.sweep_evidence", "schedule": timedelta(hours=1)},
    "close liaisons' terms that ran out": {"task": "recommendations.close_terms", "schedule": timedelta(hours=1)},
    "group what is alike": {"task": "recommendations.group_submissions", "schedule": timedelta(minutes=5)},
    "destroy keys of ballots": {"task": "recommendations.destroy_left_keys", "schedule": timedelta(minutes=5)},
    "remind of next steps": {"task": "consultations.remind_of_steps", "schedule": timedelta(hours=1)},
    "send weekly summaries": {"task": "portal.send_digests", "schedule": timedelta(minutes=30)},
}

# --- Safety ---------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SITE_URL.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Numbers that the task force may want to change -------------------------------------------------------------
SUBMISSION_TEXT_MAX = 4000  # characters as a reader counts them: about two pages, and still one recommendation
INVITATION_LINK_DAYS = 30  # a link works this long after the consultation's last day
SEAT_OFFER_DAYS = 3  # a seat that became free is offered this long, then it goes to the next on the waiting list
OPEN_SEAT_REQUESTS_AT_MOST = 20  # unsettled, by the link of one invitation: more is a link that went astray
TERM_ENDS_SOON_DAYS = 30  # a liaison's term that ends this soon is on the administrators' desk
CONVENORS_AT_LEAST = 2  # so that no consultation depends on one person
SMALLEST_PUBLISHED_COUNT = 5  # a smaller count could point at a group that must stay unnamed
DEADLINE_NEAR_DAYS = 10  # a deadline this near is in the weekly summary and on the desk
TELL_WITHIN_DAYS = 180  # the desk asks for the first summary so long after the conclusion
IMPORT_MAX_ROWS = 5000  # of one list: more are hard to check by eye, and take longer than a reader waits
IMPORT_MAX_BYTES = 5 * 1024 * 1024  # of the uploaded file; 5,000 rows are rarely more than one megabyte
IMPORT_KEPT_HOURS = 24  # an import that nobody finishes is dropped then, with its rows
PAPER_MAX_BYTES = 10 * 1024 * 1024  # of one paper: the proxy takes twelve; a reader on a thin line waits long enough
PAPERS_AT_MOST = 60  # of one consultation
TWO_CONVENORS = env.bool("TWO_CONVENORS", default=False)  # who prepared a corrigendum does not issue it
LIMITS = {  # how often one internet address may do what costs much or could be abused; see portal/limits.py
    "search": "60/m/ip",
    "application": "30/h/ip,3/d/key",  # a hall shares one line; an address is one organisation
    "joining": "10/d/key",  # by the draft: each change of it may ask all its co-submitters by mail again
    "seat_request": "10/h/ip,20/d/key",  # by the net's address, and by the link that was forwarded
}
REPLY_EXPECTED_DAYS = 60  # a conveyance without an answer is overdue after this many days
MANDATE_OFFER_DAYS = 30  # an invitation to act for an organisation lapses, and with it an account nobody used
OPEN_MANDATES_AT_MOST = 20  # unanswered invitations of one organisation: its lead must not become a sender of mail

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "filters": {"without_address": {"()": "portal.redaction.WithoutAddress"}},
    # A refused or failed request is told by the name of its route: the address may hold what nobody should read.
    "loggers": {
        name: {"filters": ["without_address"]}
        for name in ("django.request", "django.security.csrf", "django.security.DisallowedHost")
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
