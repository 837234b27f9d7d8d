"""Tests: plain static files, cheap hashes, mail in memory; the database comes from DATABASE_URL."""

from cms.settings.base import *
from cms.settings.base import STORAGES, VAR_DIR

DEBUG = False
SECRET_KEY = "tests-only-secret-key-that-is-long-enough-for-every-signer"
# The published key, whatever this checkout's own .env says.
SEALING_KEYS = ["cHJvZHVjdC1sYXB0b3Atc2VhbGluZy1rZXktMDAwMSE="]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = VAR_DIR / "test" / "static"
MEDIA_ROOT = VAR_DIR / "test" / "media"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
ACCOUNT_RATE_LIMITS = False
