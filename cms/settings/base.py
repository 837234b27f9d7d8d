"""Settings: every deployment value comes from the environment, every default suits a laptop.

No number of the domain (a deadline, a weight, a holiday) is a setting; those are rows or code.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.conf import locale
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
# Signs sessions, QR codes and form tokens. script/server writes a random one to .env.
SECRET_KEY = env.str("SECRET_KEY", default="insecure-key-for-a-laptop-only")
# Earlier keys: posters printed under them stay valid.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Seals reporters' identities (32 random bytes, url-safe base64); kept apart from SECRET_KEY so
# that either can be rotated alone. Several keys, newest first, separated by commas.
SEALING_KEYS = env.list("SEALING_KEYS", default=["cHJvZHVjdC1sYXB0b3Atc2VhbGluZy1rZXktMDAwMSE="])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where ``manage.py run`` listens; other machines reach it through a proxy or with BIND=0.0.0.0.
PORT = env.int("PORT", default=8000)
BIND = env.str("BIND", default="127.0.0.1")
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}")
# The demo region and its accounts, loaded once into an empty installation.
LOAD_DEMO = env.bool("DEMO", default=True)

INSTALLED_APPS = [
    "home",
    "surveys",
    "workflows",
    "cms",
    "core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "core.staff.StaffUsersConfig",  # wagtail.users with our own screens
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.CompressTextMiddleware",
    "cms.middleware.ContentPolicyMiddleware",
    "cms.middleware.StaffPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "surveys.middleware.PosterMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.RequireSecondFactorMiddleware",
    "core.middleware.TooBroadMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "cms.context_processors.site_chrome",
            ],
            "libraries": {"wagtailadmin_tags": "core.frame"},
        },
    },
]

# --- Database ---------------------------------------------------------------
# SQLite settings measured for concurrent writers: IMMEDIATE avoids "database is locked" on
# read-then-write transactions; FULL because a receipt promises that the answer is on disk.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
    "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
    "PRAGMA journal_size_limit=67108864;"
)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'suara.sqlite3'}")}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS,
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # At least as many connections as the web server has threads, or requests wait.
        "pool": {"min_size": 2, "max_size": env.int("DB_POOL_MAX", default=40), "timeout": 15},
        # Uses of a statement before a connection keeps its plan (``core.keeping``); 0 behind a pooler that changes
        # connections between transactions, where a kept plan would be looked for in the wrong one.
        "prepare_threshold": env.int("DB_PREPARE_AFTER", default=5) or None,
    }
    # A web page that asks for more than this is given up (cms/wsgi.py); 0 for no limit. The worker, migrations and
    # every other command take the time they need.
    if env.bool("SERVES_WEB", default=False) and (seconds := env.int("WEB_STATEMENT_SECONDS", default=5)):
        DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={seconds}s"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Accounts ---------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["core.backends.StaffBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "core.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
# At most three reset mails a day to one address, so that the form harasses nobody.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,3/d/key"}
# No mail to an address that has no account: the form must not write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
# The demo's accounts have a published password; production switches them off.
DEMO_ACCOUNTS_ALLOWED = env.bool("DEMO_ACCOUNTS_ALLOWED", default=True)
# How many reverse proxies stand in front; 0 means the peer address is the client.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.str("MFA_TOTP_ISSUER", default="Suara Layanan")
# True sends every staff member without a second factor to the enrolment page first.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=False)

# How many times the usual traffic a place, a network or a survey may have before its answers cost the sender's device
# a second of work (surveys/limits.py); raise it for a campaign day or where one address serves a whole region.
SURVEY_TRAFFIC = env.int("SURVEY_TRAFFIC", default=1)
# How many days after it was answered a paper form may still be typed.
SURVEY_PAPER_DAYS = env.int("SURVEY_PAPER_DAYS", default=92)

# --- Language, time ---------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English")), ("jv", _("Javanese")), ("mad", _("Madurese"))]
# Pages are written in these and have an address for each (cms/addresses.py); the others are spoken by surveys only.
PAGE_LANGUAGES = ["id", "en"]
# Django's table lacks two of them, and Wagtail's screens look every locale up there.
locale.LANG_INFO.update(
    jv={"bidi": False, "code": "jv", "name": "Javanese", "name_local": "Basa Jawa"},
    mad={"bidi": False, "code": "mad", "name": "Madurese", "name_local": "Bhâsa Madhurâ"},
)
# The second one fills what Wagtail's own Indonesian catalogue leaves in English.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_wagtail"]
FORMAT_MODULE_PATH = "core.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Jakarta")
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]

# --- Files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Attachments and import files; never under the web root.
PRIVATE_ROOT = VAR_DIR / "private"
# Of one file sent with a complaint.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=5 * 1024 * 1024)
FIXTURES_ROOT = BASE_DIR / "fixtures"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a ServicePage with many requirements passes 1,000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Background work ----------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Mail ---------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold up the worker
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Suara Layanan <no-reply@localhost>")
# Complaints by e-mail: imaps://user:password@host/INBOX, maildir:///path or mbox:///path; empty reads nothing.
INTAKE_MAIL_URL = env.str("INTAKE_MAIL_URL", default="")
# Name of our own mail server in Authentication-Results; only what it says about a sender is believed.
MAIL_AUTHSERV_ID = env.str("MAIL_AUTHSERV_ID", default="")
# Hosts with a private address that message gateways may have; every other one must be public.
OUTBOUND_PRIVATE_HOSTS = env.list("OUTBOUND_PRIVATE_HOSTS", default=[])

# --- Wagtail --------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Suara Layanan"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # allauth does it
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Nothing calls home from a government server.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
# The last five are recordings of survey questions; core/sounds.py knows them by their content.
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "odt", "ods", "mp3", "m4a", "ogg", "wav", "webm"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.documentforms.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no third-party request
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "indonesian",
    }
}

IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- Security headers ---------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview panel frames our own pages
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # wants X_FRAME_OPTIONS = "DENY"; see the line above
    "templates.W003",  # wagtailadmin_tags is core.frame on purpose
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 10
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Wagtail names every page it saves; the admin's own history tells that better.
    "loggers": {
        "wagtail": {"level": "WARNING"},
        # Two lines for every task that went well; failures are still told.
        "django_tasks": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
