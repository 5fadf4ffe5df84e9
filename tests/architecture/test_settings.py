"""A missing or wrong environment variable stops the start with its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "a-long-random-value-that-nobody-can-guess-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "shop.example.com",
    "MAGPIE_BASE_URL": "https://shop.example.com",
    "MAGPIE_STOREFRONT_URL": "https://www.example.com",
    "DATABASE_URL": "postgres://magpie:secret@db.example.com:5432/magpie",
    "MEDIA_BUCKET": "magpie-media",
    "INVOICE_BUCKET": "magpie-invoices",
    "MAGPIE_EMAIL_URL": "smtp+tls://magpie:secret@mail.example.com",
    "MAGPIE_EMAIL_FROM": "The shop <shop@example.com>",
    "STRIPE_SECRET_KEY": "sk_live_0123456789",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_0123456789",
    "STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
}


def _start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = {**PRODUCTION, **changes}
    environment = {name: value for name, value in wanted.items() if value is not None}
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_production_starts_with_a_whole_environment() -> None:
    started = _start()
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_a_missing_variable_stops_the_start_by_name(name: str) -> None:
    started = _start(**{name: None})
    assert started.returncode != 0
    assert name in started.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("MAGPIE_BASE_URL", "http://shop.example.com"),
        ("MAGPIE_STOREFRONT_URL", "www.example.com"),
        ("DATABASE_URL", "sqlite:///shop.sqlite3"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_POOL_SIZE", "many"),
        ("STRIPE_SANDBOX_URL", "http://localhost:8002"),
        ("INVOICE_BUCKET", "magpie-media"),
        ("MAGPIE_EMAIL_URL", "mail.example.com"),
        ("MAGPIE_EMAIL_URL", "smtp://"),
        ("MAGPIE_EMAIL_URL", "smtp://mail.example.com:many"),
    ],
)
def test_a_wrong_variable_stops_the_start_by_name(name: str, value: str) -> None:
    started = _start(**{name: value})
    assert started.returncode != 0
    assert name in started.stderr.strip().splitlines()[-1]
