"""The only place that reads the environment. Every value is typed; a missing or wrong one stops the start by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_REQUIRED: Any = object()
_MAIL_BACKENDS = {"consolemail": "console", "smtp": "smtp", "smtp+tls": "smtp", "smtp+ssl": "smtp"}


def read_dotenv(path: Path) -> None:
    """Load KEY=value lines for variables that the environment does not set itself."""
    if path.is_file():
        environ.Env.read_env(str(path))


def text(name: str, default: str = _REQUIRED) -> str:
    value: str = _read(name, default, _env.str)
    if default is _REQUIRED and not value.strip():
        raise ImproperlyConfigured(f"{name} is empty; it needs a value")
    return value


def flag(name: str, default: bool = _REQUIRED) -> bool:
    value: str | bool = _read(name, default, _env.str)
    if isinstance(value, bool):
        return value
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")


def number(name: str, default: int = _REQUIRED, *, at_least: int = 0) -> int:
    value: int = _read(name, default, _env.int)
    if value < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {value}")
    return value


def names(name: str, default: list[str] = _REQUIRED) -> list[str]:
    """A comma-separated list."""
    found: list[str] = _read(name, default, _env.list)
    if default is _REQUIRED and not found:
        raise ImproperlyConfigured(f"{name} is empty; it needs at least one entry")
    return found


def origin(name: str, default: str = _REQUIRED) -> str:
    """An address such as https://shop.example.com, without a trailing slash."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ImproperlyConfigured(f"{name} must start with http:// or https:// and name a host, not {value!r}")
    return value


def database(name: str, default: str = _REQUIRED) -> dict[str, Any]:
    """sqlite:///file or postgres://user:password@host:port/database."""
    address = text(name, default)
    if not address.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must be a sqlite:/// or postgres:// address")
    try:
        found: dict[str, Any] = _env.db_url(name) if default is _REQUIRED else _env.db_url(name, default=default)
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not a database address: {error}") from error
    return found


def mailer(name: str, default: str = _REQUIRED, *, timeout_seconds: int) -> dict[str, Any]:
    """How mail leaves: consolemail:// or smtp://user:password@host:port, with smtp+tls:// or smtp+ssl:// encrypted.

    Returns an entry of Django's MAILERS.
    """
    address = text(name, default)
    parts = urlsplit(address)
    backend = _MAIL_BACKENDS.get(parts.scheme)
    try:
        port = parts.port
    except ValueError:
        backend = None
    if backend is None or (backend == "smtp" and not parts.hostname):
        raise ImproperlyConfigured(f"{name} must be consolemail://, smtp://host, smtp+tls://host or smtp+ssl://host")
    entry: dict[str, Any] = {"BACKEND": f"django.core.mail.backends.{backend}.EmailBackend"}
    if backend == "smtp":
        options = {"host": parts.hostname, "port": port, "timeout": timeout_seconds}
        options |= {"username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
        options |= {"use_tls": parts.scheme == "smtp+tls", "use_ssl": parts.scheme == "smtp+ssl"}
        entry["OPTIONS"] = options
    return entry


def _read(name: str, default: Any, reader: Any) -> Any:
    try:
        return reader(name) if default is _REQUIRED else reader(name, default=default)
    except ImproperlyConfigured:
        raise ImproperlyConfigured(f"{name} is not set") from None
    except ValueError:
        raise ImproperlyConfigured(f"{name} has the wrong form: {_env.str(name)!r}") from None
