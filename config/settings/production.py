"""Production is configuration: everything comes from the environment and nothing has a guessable default."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_URL, MIDDLEWARE, POSTGRES_TIMEOUTS, PREPARED_STATEMENTS, STORAGES, STOREFRONT_URL

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("development-only"):
    raise ImproperlyConfigured("SECRET_KEY must be a random value of at least 50 characters")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * admits any")
for name, address in {"MAGPIE_BASE_URL": BASE_URL, "MAGPIE_STOREFRONT_URL": STOREFRONT_URL}.items():
    env.origin(name)
    if not address.startswith("https://"):
        raise ImproperlyConfigured(f"{name} must start with https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATABASES = {"default": env.database("DATABASE_URL")}
if not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address")
DATABASES["default"]["OPTIONS"] = {
    "options": POSTGRES_TIMEOUTS,
    **(PREPARED_STATEMENTS if env.flag("DATABASE_PREPARED_STATEMENTS", True) else {}),
    "pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE", 8, at_least=1), "timeout": 5},
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

_SECURITY, *_REST = MIDDLEWARE
MIDDLEWARE = [_SECURITY, "whitenoise.middleware.WhiteNoiseMiddleware", *_REST]

STORAGES = STORAGES | {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("MEDIA_BUCKET"),
            "endpoint_url": env.origin("MEDIA_ENDPOINT_URL", "") or None,
            "region_name": env.text("MEDIA_REGION", "") or None,
            "custom_domain": env.text("MEDIA_DOMAIN", "") or None,
            "file_overwrite": False,
            "querystring_auth": False,
            "signature_version": "s3v4",
        },
    },
    # Invoices: a bucket of their own that nobody may read. The shop itself hands them out, to whoever may have them.
    "private": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("INVOICE_BUCKET"),
            "endpoint_url": env.origin("INVOICE_ENDPOINT_URL", "") or None,
            "region_name": env.text("INVOICE_REGION", "") or None,
            "file_overwrite": False,
            "default_acl": "private",
            "querystring_auth": True,
            "querystring_expire": 300,
            "signature_version": "s3v4",
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if STORAGES["private"]["OPTIONS"]["bucket_name"] == STORAGES["default"]["OPTIONS"]["bucket_name"]:
    raise ImproperlyConfigured("INVOICE_BUCKET must be another bucket than MEDIA_BUCKET, which anybody may read")

env.text("MAGPIE_EMAIL_URL")
env.text("MAGPIE_EMAIL_FROM")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

if env.text("STRIPE_SANDBOX_URL", ""):
    raise ImproperlyConfigured("STRIPE_SANDBOX_URL is set: the sandbox moves no money and is refused in production")
STRIPE_SANDBOX_URL = ""
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
