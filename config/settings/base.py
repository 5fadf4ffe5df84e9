"""What every deployment shares. Values that differ come from the environment through `config.env`."""

from pathlib import Path
from typing import Any

from django import VERSION as DJANGO
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parents[2]
env.read_dotenv(BASE_DIR / ".env")

BASE_URL = env.origin("MAGPIE_BASE_URL", "http://localhost:8000")
STOREFRONT_URL = env.origin("MAGPIE_STOREFRONT_URL", "http://localhost:8001")

INSTALLED_APPS = [
    "commerce.kit",
    "commerce.accounts",
    "commerce.customers",
    "commerce.markets",
    "commerce.pricing",
    "commerce.inventory",
    "commerce.payments",
    "commerce.promotions",
    "commerce.shipping",
    "commerce.tax",
    "commerce.credit",
    "commerce.cart",
    "commerce.orders",
    "commerce.checkout",
    "commerce.invoicing",
    "commerce.notifications",
    "commerce.desk",
    "cms.images",
    "cms.blocks",
    "cms.catalogue",
    "cms.pages",
    "cms.preview",
    "wagtail_headless_preview",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "modelcluster",
    "taggit",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.preview.refusing.CannotGoLiveMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ]
        },
    }
]

# SQLite: write-ahead log, and the write lock taken when a transaction begins, so that a
# transaction that reads first never finds that it cannot write later.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# PostgreSQL: no request waits for ever, and no abandoned transaction keeps its locks.
POSTGRES_TIMEOUTS = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
# A statement that a connection runs for the fifth time is planned no more: a purchase runs 150, always the same.
PREPARED_STATEMENTS = {"server_side_binding": True, "prepare_threshold": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
# A new translation is a draft: until it is published, the default language is shown in its place.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = WAGTAIL_I18N_ENABLED = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Folders with further fonts for invoices, for signs beyond Latin, Greek and Cyrillic.
INVOICE_FONTS = env.names("MAGPIE_INVOICE_FONTS", [])

SHOP_NAME = env.text("MAGPIE_SHOP_NAME", "Magpie")
DEFAULT_FROM_EMAIL = env.text("MAGPIE_EMAIL_FROM", f"{SHOP_NAME} <shop@localhost>")
STAFF_EMAILS = env.names("MAGPIE_STAFF_EMAILS", [])
# A server that does not answer must not hold up the worker for long.
MAILERS = {"default": env.mailer("MAGPIE_EMAIL_URL", "consolemail://", timeout_seconds=10)}
if DJANGO < (6, 1):  # knows no MAILERS
    EMAIL_BACKEND = MAILERS["default"]["BACKEND"]
    _options = MAILERS["default"].get("OPTIONS", {})
    EMAIL_HOST, EMAIL_PORT = _options.get("host", "localhost"), _options.get("port") or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _options.get("username", ""), _options.get("password", "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _options.get("use_tls", False), _options.get("use_ssl", False)
    EMAIL_TIMEOUT = _options.get("timeout")

_IN_THIS_PROCESS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
# Wagtail keeps its pictures' sizes under the second name and fails with it, so that one stays in the process even where
# the first becomes a server's.
CACHES: dict[str, dict[str, Any]] = {
    "default": {**_IN_THIS_PROCESS, "LOCATION": "default"},
    "renditions": {**_IN_THIS_PROCESS, "LOCATION": "renditions"},
}

WAGTAIL_SITE_NAME = "Magpie"
# The desk speaks UTC, so nobody chooses another zone: see commerce.desk.zones.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# It would lead from the CMS's own addresses; see cms.preview.addresses.
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILAPI_BASE_URL = BASE_URL
WAGTAILAPI_RICH_TEXT_FORMAT = "html"
WAGTAILAPI_SEARCH_ENABLED = True
WAGTAILIMAGES_IMAGE_MODEL = "images.ShopImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.forms.ShopImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
# What is uploaded larger is scaled down to this many pixels, no screen showing more.
IMAGE_LONGEST_SIDE = 4096
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search"}}
WAGTAIL_HEADLESS_PREVIEW = {
    "CLIENT_URLS": {"default": f"{STOREFRONT_URL}/preview"},
    "SERVE_BASE_URL": STOREFRONT_URL,
    "REDIRECT_ON_PREVIEW": True,
    "ENFORCE_TRAILING_SLASH": False,
}
PREVIEW_MAX_AGE_SECONDS = 3600

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # The shop's own views take JSON alone and say so; wagtail-localize's views in the admin are sent forms.
    "DEFAULT_PARSER_CLASSES": [
        "commerce.api.parsing.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "commerce.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "commerce.api.problems.answer_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Magpie commerce API",
    "DESCRIPTION": "Catalogue, cart, checkout and orders for any frontend. Content pages are at /api/pages/v2/.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["commerce.api.schema.commerce_only"],
    "ENUM_NAME_OVERRIDES": {
        "Availability": "commerce.api.shapes.AVAILABILITY",
        "LineProblem": "commerce.api.shapes.LINE_PROBLEMS",
        "CartChangeKind": "commerce.api.shapes.CHANGE_KINDS",
        "Shortage": "commerce.api.shapes.SHORTAGES",
        "PaymentMethodCode": "commerce.api.shapes.PAYMENT_METHODS",
        "PageBlockType": "commerce.api.shapes.PAGE_BLOCKS",
        "PageType": "commerce.api.shapes.PAGE_TYPES",
        "StoryBlockType": "commerce.api.shapes.STORY_BLOCKS",
        "AttributeType": "commerce.api.shapes.ATTRIBUTE_TYPES",
        "CheckoutStatus": "commerce.api.shapes.CHECKOUT_STATUSES",
        "OrderStatus": "commerce.api.shapes.ORDER_STATUSES",
        "InvoiceKind": "commerce.api.shapes.INVOICE_KINDS",
        "PaymentState": "commerce.api.shapes.PAYMENT_STATES",
        "FulfilmentState": "commerce.api.shapes.FULFILMENT_STATES",
        "ParcelStatus": "commerce.api.shapes.PARCEL_STATUSES",
        "RefundStatus": "commerce.api.shapes.REFUND_STATUSES",
        "ReturnStatus": "commerce.api.shapes.RETURN_STATUSES",
        "ReturnReason": "commerce.api.shapes.RETURN_REASONS",
    },
}

CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOWED_ORIGINS = [STOREFRONT_URL]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "content-type", "idempotency-key"]
CORS_EXPOSE_HEADERS = ["retry-after", "idempotent-replayed"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SECURE_REFERRER_POLICY = "same-origin"

# Events that were delivered are kept so long, for whoever wants to know what happened.
OUTBOX_KEPT_DAYS = env.number("MAGPIE_OUTBOX_KEPT_DAYS", 14, at_least=1)

PAYMENT_GATEWAY = "commerce.payments.stripe.adapter.StripeGateway"
PAYMENT_CAPTURE = env.text("MAGPIE_PAYMENT_CAPTURE", "automatic")
if PAYMENT_CAPTURE not in {"automatic", "manual"}:
    raise ImproperlyConfigured(f"MAGPIE_PAYMENT_CAPTURE must be automatic or manual, not {PAYMENT_CAPTURE!r}")
# What the gateway is told to carry, so that several shops may share one account there.
SHOP_ID = env.text("MAGPIE_SHOP_ID", BASE_URL)
# How long a link to a file that was bought holds; the order's page makes new ones.
DOWNLOAD_LINK_HOURS = env.number("MAGPIE_DOWNLOAD_LINK_HOURS", 24, at_least=1)
DOWNLOAD_MAX_BYTES = env.number("MAGPIE_DOWNLOAD_MAX_MEGABYTES", 500, at_least=1) * 1024 * 1024
CART_LIFETIME_DAYS = env.number("MAGPIE_CART_LIFETIME_DAYS", 30, at_least=1)
# After how long a cart left behind is announced, for a reminder by mail to those who agreed to it; 0: never.
CART_ABANDONED_AFTER_MINUTES = env.number("MAGPIE_CART_ABANDONED_AFTER_MINUTES", 0)
CHECKOUT_LIFETIME_SECONDS = env.number("MAGPIE_CHECKOUT_LIFETIME_SECONDS", 1800, at_least=60)
# However busy the shopper is with it, a checkout keeps its stock for no longer than this.
CHECKOUT_LONGEST_SECONDS = env.number("MAGPIE_CHECKOUT_LONGEST_SECONDS", 7200, at_least=60)

TAX_PROVIDER = env.text("MAGPIE_TAX_PROVIDER", "builtin")
if TAX_PROVIDER not in {"builtin", "stripe"}:
    raise ImproperlyConfigured(f"MAGPIE_TAX_PROVIDER must be builtin or stripe, not {TAX_PROVIDER!r}")
# Stripe's tax code of what the shop sells at a reduced rate; docs.stripe.com/tax/tax-codes lists them.
STRIPE_REDUCED_TAX_CODE = env.text("STRIPE_REDUCED_TAX_CODE", "")
