"""Documents that are made from the code and must not lag behind it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from openapi_spec_validator import validate

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "commerce" / "api" / "openapi.yaml"


def _schema() -> str:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_the_openapi_document_is_the_committed_one() -> None:
    assert _schema() == SNAPSHOT.read_text(), "run: ./dev manage spectacular --file commerce/api/openapi.yaml"


def test_the_openapi_document_is_valid() -> None:
    validate(yaml.safe_load(SNAPSHOT.read_text()))


def test_every_operation_says_how_it_fails() -> None:
    paths: dict[str, Any] = yaml.safe_load(SNAPSHOT.read_text())["paths"]
    operations = [(path, method, each) for path, methods in paths.items() for method, each in methods.items()]
    assert len(operations) > 15
    for path, method, operation in operations:
        content = operation["responses"]["default"]["content"]
        assert list(content) == ["application/problem+json"], (path, method)


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
