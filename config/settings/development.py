"""For trying out and working on Magpie: nothing but Python is needed, and no secret is real."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, BASE_URL, INSTALLED_APPS, POSTGRES_TIMEOUTS, SQLITE_OPTIONS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]

DEBUG = env.flag("DEBUG", True)
SECRET_KEY = "development-only-not-a-secret-and-refused-in-production"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

STATE = BASE_DIR / ".magpie"
STATE.mkdir(exist_ok=True)
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{STATE / 'development.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["OPTIONS"] = {"options": POSTGRES_TIMEOUTS}

STORAGES = STORAGES | {
    "private": {
        "BACKEND": "commerce.kit.private_files.PrivateFileStorage",
        "OPTIONS": {
            "location": STATE / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
}

STRIPE_SANDBOX_URL = env.origin("STRIPE_SANDBOX_URL", "http://localhost:8002")
STRIPE_SANDBOX_STORE = env.text("STRIPE_SANDBOX_STORE", str(STATE / "stripe-sandbox.sqlite3"))
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "sk_test_sandbox")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY", "pk_test_sandbox")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "whsec_sandbox")
