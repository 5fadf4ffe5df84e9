"""The test suite: real databases on files or a server, the sandbox in process, nothing beyond loopback."""

import tempfile
from pathlib import Path

from config import env
from config.settings.development import *  # noqa: F403
from config.settings.development import POSTGRES_TIMEOUTS, PREPARED_STATEMENTS, SQLITE_OPTIONS, STATE, STORAGES

DEBUG = False
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{STATE / 'test.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, not memory: threads with their own connections race for it as processes would.
    DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"] + ".test"}
else:
    DATABASES["default"]["OPTIONS"] = {"options": POSTGRES_TIMEOUTS, **PREPARED_STATEMENTS}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="magpie-test-media-"))
STORAGES = STORAGES | {
    "private": STORAGES["private"]
    | {"OPTIONS": STORAGES["private"]["OPTIONS"] | {"location": tempfile.mkdtemp(prefix="magpie-test-private-")}}
}
CORS_ALLOWED_ORIGINS = ["http://localhost:8001"]
