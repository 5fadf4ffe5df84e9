"""What the HTTP door adds to the state machine: pages for browsers, CORS, limits, and a clean stop."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from commerce.payments.stripe.sandbox.store import SqliteStore
from tests.commerce.payments.stripe.doors import Door


def fetch(url: str, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    address = urlsplit(url)
    assert address.hostname
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        connection.request(method, path, body=body, headers={n.replace("_", "-"): v for n, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "content_type", "holds"),
    [
        ("/healthz", "text/plain", "ok"),
        ("/v3/stripe.js", "text/javascript; charset=utf-8", "window.Stripe"),
        ("/_sandbox/receipts/ch_1", "text/html; charset=utf-8", "Receipt"),
        ("/_sandbox/authentications/pi_1?client_secret=x", "text/html; charset=utf-8", "Complete authentication"),
    ],
)
def test_browsers_find_their_pages(over_http: Door, path: str, content_type: str, holds: str) -> None:
    assert over_http.server
    status, headers, body = fetch(over_http.server.url, "GET", path)
    assert (status, headers["Content-Type"]) == (200, content_type)
    assert holds in body


def test_a_storefront_on_another_origin_may_call_the_api(over_http: Door) -> None:
    assert over_http.server
    status, headers, _ = fetch(over_http.server.url, "OPTIONS", "/v1/payment_intents/pi_1/confirm")
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "authorization" in headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("length", ["262145", "-1", "many"])
def test_a_body_beyond_the_limit_is_not_read(over_http: Door, length: str) -> None:
    assert over_http.server
    status, _, _ = fetch(over_http.server.url, "POST", "/v1/payment_intents", content_length=length)
    assert status == 413


@pytest.mark.parametrize("body", ["", "a" + "[b]" * 50_000 + "=1", "&=&[]=1&[=", "amount=1&amount[x]=2", "%ff%00=1"])
def test_a_body_that_makes_no_sense_is_a_400(over_http: Door, body: str) -> None:
    assert over_http.server
    url, path = over_http.server.url, "/v1/payment_intents"
    status, _, _ = fetch(url, "POST", path, body, authorization="Bearer sk_test_contract", idempotency_key="odd")
    assert status == 400


def test_a_call_is_one_transaction(in_process: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The load test leans on this: each commit is a write to the file, each further one a wait for the others."""
    taken: list[SqliteStore] = []
    transaction = SqliteStore.transaction

    def counting(store: SqliteStore) -> Any:
        taken.append(store)
        return transaction(store)

    monkeypatch.setattr(SqliteStore, "transaction", counting)
    intent = in_process.open()
    in_process.confirm(intent, "4242424242424242")
    in_process.gateway.fetch_intent(gateway_id=intent.gateway_id)
    assert len(taken) == 3


def test_an_unknown_address_is_a_404(over_http: Door) -> None:
    assert over_http.send("GET", "/v1/unicorns").status == 404


def test_the_store_outlives_the_process_that_wrote_it(in_process: Door, tmp_path: Path) -> None:
    intent = in_process.open()
    again = SqliteStore(tmp_path / "sandbox.sqlite3")
    with again.transaction() as records:
        assert records.find("payment_intent", intent.gateway_id)
        assert len(records.take_due(at=in_process.clock(), until=in_process.clock(), limit=5)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_SANDBOX_URL", ""),
        ("STRIPE_SECRET_KEY", "sk_live_x"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_live_x"),
        ("STRIPE_WEBHOOK_SECRET", ""),
    ],
)
def test_the_command_refuses_to_stand_in_for_the_real_stripe(settings: Any, name: str, value: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=name):
        call_command("stripe_sandbox", port=0, webhook_url="http://127.0.0.1:9/")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_told_to_stop(
    tmp_path: Path, pytestconfig: pytest.Config, stop: signal.Signals
) -> None:
    command = [sys.executable, "-m", "django", "stripe_sandbox", "--port", "0"]
    command += ["--webhook-url", "http://127.0.0.1:9/", "--store", str(tmp_path / "s.sqlite3")]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": django_settings.SETTINGS_MODULE}
    with subprocess.Popen(
        command, cwd=pytestconfig.rootpath, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            said = process.stdout.readline()
            url = said.split()[2].rstrip(",")
            assert fetch(url, "GET", "/healthz")[2] == "ok"
            process.send_signal(stop)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
