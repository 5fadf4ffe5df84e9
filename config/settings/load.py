"""Production as it is, less what a run on loopback cannot have: for `./dev load` (docs/load.md)."""

from pathlib import Path

from config import env
from config.settings.production import *  # noqa: F403
from config.settings.production import INSTALLED_APPS, STORAGES

# The demo shop is what is bought from.
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]

# Nothing on loopback ends TLS in front of the shop.
SECURE_SSL_REDIRECT = False

# The sandbox instead of Stripe, which production refuses.
STRIPE_SANDBOX_URL = env.origin("LOAD_SANDBOX_URL")
STRIPE_SANDBOX_STORE = env.text("LOAD_SANDBOX_STORE")

# Files in a folder instead of a bucket.
MEDIA_ROOT = Path(env.text("LOAD_MEDIA"))
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "commerce.kit.private_files.PrivateFileStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "private"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
