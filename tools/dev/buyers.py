"""The shoppers of ./dev load: `python buyers.py PLAN RESULT` buys over HTTP as a storefront does.

Every answer is looked at. One process, a thread for each shopper, plain connections that are kept: it must cost next
to nothing itself.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ANSWER_SECONDS = 60
RETRY_SECONDS = 0.25
GIVE_UP_SECONDS = 120
"""Longer than the lease of an Idempotency-Key, which is how long a request that died keeps its key."""

CARD = {
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": "4242424242424242",
    "payment_method_data[card][exp_month]": "12",
    "payment_method_data[card][exp_year]": "2034",
    "payment_method_data[card][cvc]": "123",
}
HOMES = (
    {"country": "DE", "postal_code": "10115", "city": "Berlin", "street_address": "Hofweg 4"},
    {"country": "DE", "postal_code": "80331", "city": "München", "street_address": "Tal 12"},
    {"country": "DE", "postal_code": "20095", "city": "Hamburg", "street_address": "Mönckebergstraße 7"},
    {"country": "AT", "postal_code": "1010", "city": "Wien", "street_address": "Graben 3"},
    {"country": "FR", "postal_code": "75001", "city": "Paris", "street_address": "1 rue de Rivoli"},
)


class Wrong(Exception):
    """An answer that no shopper should get."""


@dataclass
class Tally:
    """What happened, by all shoppers together; times are seconds since the epoch."""

    steps: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    orders: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    abandoned: list[dict[str, Any]] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def document(self) -> dict[str, Any]:
        return {
            "steps": self.steps,
            "orders": self.orders,
            "failures": self.failures,
            "abandoned": self.abandoned,
        }


class Line:
    """A kept connection to one server."""

    def __init__(self, origin: str) -> None:
        address = urlsplit(origin)
        assert address.hostname
        self._connection = http.client.HTTPConnection(address.hostname, address.port, timeout=ANSWER_SECONDS)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON. Raises OSError or HTTPException where no answer comes; the connection is new afterwards."""
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        return answer.status, json.loads(content) if content else None


class Shopper:
    """One after the other, whole purchases."""

    def __init__(self, plan: dict[str, Any], variants: list[str], tally: Tally, seed: int) -> None:
        self._shop, self._gateway = Line(plan["web"]), Line(plan["sandbox"])
        self._key = plan["publishable_key"]
        self._variants, self._tally = variants, tally
        self._random = random.Random(seed)

    def buy(self) -> None:
        began = time.time()
        email = f"shopper-{uuid.uuid4().hex[:12]}@example.com"
        try:
            self._buy(email)
        except Wrong as wrong:
            with self._tally.guard:
                self._tally.abandoned.append({"at": time.time(), "why": str(wrong)})
        else:
            self._note("purchase", began)

    def _buy(self, email: str) -> None:
        cart = self._call("cart", "POST", "carts/", {}, 201)["id"]
        wanted = self._random.sample(self._variants, self._random.choice((1, 1, 2, 3)))
        for variant in wanted:
            line = {"variant": variant, "quantity": self._random.choice((1, 1, 1, 2))}
            filled = self._call("line", "POST", f"carts/{cart}/lines/", line, 201)
        _require(len(filled["lines"]) == len(wanted), "the cart holds what was put into it")
        address = {"name": "Load Test", "email": email, **self._random.choice(HOMES)}
        self._call("address", "PUT", f"carts/{cart}/address/", address, 200)
        checkout = self._call("checkout", "POST", "checkouts/", {"cart": cart}, 201)
        _require(checkout["status"] == "open" and checkout["payment"], "the checkout waits for its payment")
        self._pay(checkout["payment"]["client_secret"], due=checkout["quote"]["due"]["minor"])
        placed = self._complete(checkout["id"])
        with self._tally.guard:
            self._tally.orders.append({"at": time.time(), "checkout": checkout["id"], **placed})

    def _pay(self, secret: str, *, due: int) -> None:
        path = f"/v1/payment_intents/{secret.partition('_secret_')[0]}/confirm"
        body = urlencode({**CARD, "client_secret": secret}).encode()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/x-www-form-urlencoded"}
        began = time.time()
        status, intent = self._gateway.ask("POST", path, body, headers)
        self._note("pay", began)
        _require(status == 200 and intent["status"] == "succeeded", f"the card is charged: {status} {intent}")
        _require(intent["amount"] == due, "the card is charged what the checkout said")

    def _complete(self, checkout: str) -> dict[str, str]:
        deadline = time.time() + GIVE_UP_SECONDS
        while time.time() < deadline:
            done = self._call("complete", "POST", f"checkouts/{checkout}/complete/", {}, 200, 202)
            if done["order"]:
                return {"order": done["order"]["id"], "number": done["order"]["number"]}
            time.sleep(RETRY_SECONDS)
        raise Wrong("the payment stayed in process")

    def _call(self, step: str, method: str, path: str, body: dict[str, Any], *wanted: int) -> Any:
        """As a storefront does: where the shop is away or busy, the same request again, under the same key."""
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if method == "POST" and step != "complete":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        content = json.dumps(body).encode()
        deadline = time.time() + GIVE_UP_SECONDS
        while True:
            began = time.time()
            try:
                status, answer = self._shop.ask(method, f"/api/v1/{path}", content, headers)
            except (OSError, http.client.HTTPException, ValueError) as error:
                status, answer = 0, f"{type(error).__name__}: {error}"
            if status in wanted:
                self._note(step, began)
                return answer
            with self._tally.guard:
                code = answer.get("code", "") if isinstance(answer, dict) else str(answer)[:200]
                self._tally.failures.append({"at": time.time(), "step": step, "status": status, "code": code})
            if not (status in (0, 409, 429) or status >= 500) or time.time() > deadline:
                raise Wrong(f"{step} answered {status}: {answer}")
            time.sleep(RETRY_SECONDS)

    def _note(self, step: str, began: float) -> None:
        now = time.time()
        with self._tally.guard:
            self._tally.steps[step].append((now, now - began))


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise Wrong(f"not so: {rule}")


def sellable_variants(web: str) -> list[str]:
    """What a shopper may put into the cart: goods that are in stock."""
    line, found, page = Line(web), [], "/api/v1/products/"
    while page:
        status, listed = line.ask("GET", page, None, {})
        _require(status == 200, "the catalogue answers")
        for card in listed["results"]:
            status, product = line.ask("GET", f"/api/v1/products/{card['slug']}/", None, {})
            _require(status == 200, "the product answers")
            found += [each["id"] for each in product["variants"] if each["availability"] == "in_stock"]
        page = "?".join(urlsplit(listed["next"])[2:4]) if listed["next"] else ""
    return found


class Starts:
    """When each purchase begins: at an even rate, or as soon as a shopper is free."""

    def __init__(self, *, per_minute: int, until: float) -> None:
        self._pause = 60 / per_minute if per_minute else 0.0
        self._next = time.time()
        self._until = until
        self._guard = threading.Lock()

    def wait(self) -> bool:
        """False when the run is over."""
        with self._guard:
            at = self._next = self._next + self._pause if self._pause else time.time()
        if at >= self._until:
            return False
        time.sleep(max(0.0, at - time.time()))
        return True


def _shop_until_done(shopper: Shopper, starts: Starts) -> None:
    while starts.wait():
        shopper.buy()


def main(plan_file: str, result_file: str) -> None:
    plan = json.loads(Path(plan_file).read_text(encoding="utf-8"))
    variants = sellable_variants(plan["web"])
    tally = Tally()
    began = time.time()
    starts = Starts(per_minute=plan["rate"], until=began + plan["seconds"])
    threads = [
        threading.Thread(target=_shop_until_done, args=(Shopper(plan, variants, tally, seed), starts))
        for seed in range(plan["buyers"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = {"began": began, "ended": time.time(), "variants": len(variants), **tally.document()}
    Path(result_file).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
