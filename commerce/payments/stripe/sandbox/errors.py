"""Stripe's error bodies. Source: docs.stripe.com/api/errors, docs.stripe.com/error-codes."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer other than 200.

    `executed` says whether the request had begun to act: only then does an idempotency key remember the
    answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        executed: bool = False,
        **fields: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        self.error = {"type": type, "message": message} | {
            name: value for name, value in fields.items() if value is not None
        }

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def invalid_key() -> ApiError:
    return ApiError(401, "Invalid API Key provided.")


def missing_key() -> ApiError:
    return ApiError(401, "You did not provide an API key.")


def live_key() -> ApiError:
    return ApiError(401, "This is a sandbox: it moves no money and accepts no live keys.")


def secret_key_required() -> ApiError:
    return ApiError(
        401,
        "This API call cannot be made with a publishable API key. Please use a secret API key.",
        code="secret_key_required",
    )


def unknown_address(method: str, path: str) -> ApiError:
    return ApiError(404, f"Unrecognized request URL ({method}: {path}).")


def missing(kind: str, gateway_id: str, *, param: str) -> ApiError:
    return ApiError(404, f"No such {kind}: '{gateway_id}'", code="resource_missing", param=param)


def parameter_missing(param: str) -> ApiError:
    return ApiError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def parameter_unknown(param: str) -> ApiError:
    return ApiError(400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def parameter_invalid(param: str, message: str, *, code: str | None = None) -> ApiError:
    return ApiError(400, message, code=code, param=param)


def whole_number(param: str, written: Any) -> int:
    """Raises `ApiError` 400 when it is none."""
    if not (isinstance(written, str) and written.isascii() and written.isdigit() and len(written) <= 18):
        raise parameter_invalid(param, f"Invalid integer: {written}", code="parameter_invalid_integer")
    return int(written)


def unexpected_state(message: str, intent: dict[str, Any]) -> ApiError:
    """`intent` is a payment intent or a setup intent."""
    fields: dict[str, Any] = {"code": f"{intent['object']}_unexpected_state", intent["object"]: intent}
    return ApiError(400, message, executed=True, **fields)


def card_error(message: str, **fields: Any) -> ApiError:
    return ApiError(402, message, type="card_error", executed=True, **fields)


def other_request_under_key(key: str) -> ApiError:
    return ApiError(
        400,
        f"Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        type="idempotency_error",
    )


def key_in_use() -> ApiError:
    return ApiError(
        409,
        "There is currently another in-progress request using this idempotency key. Please try again later.",
        type="idempotency_error",
        code="idempotency_key_in_use",
    )


def too_many_requests() -> ApiError:
    return ApiError(429, "Too many requests. Please slow down.", code="rate_limit")


def server_error() -> ApiError:
    return ApiError(500, "An unknown error occurred.", type="api_error", executed=True)
