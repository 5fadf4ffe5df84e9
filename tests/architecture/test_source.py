"""What may stand where in the source, as far as a machine can read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from commerce.kit.states import Stateful

ROOT = Path(__file__).resolve().parents[2]
SANDBOX = "commerce/payments/stripe/sandbox/"
SOURCES = [
    path
    for house in ("cms", "commerce", "config")
    for path in (ROOT / house).rglob("*.py")
    if "migrations" not in path.parts
]


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _importing(package: str) -> set[str]:
    found = set()
    for path in SOURCES:
        for node in _nodes(path):
            modules = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            if any(module == package or module.startswith(f"{package}.") for module in modules):
                found.add(_name(path))
    return found


def test_stripe_is_imported_in_one_folder() -> None:
    users = _importing("stripe")
    assert users
    assert all(user.startswith("commerce/payments/stripe/") for user in users), users


def test_the_rest_framework_is_imported_only_under_the_api() -> None:
    users = _importing("rest_framework")
    assert users
    assert all(user.startswith("commerce/api/") for user in users), users


def test_no_float_comes_near_the_domain() -> None:
    calls = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        for node in _nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert calls == []


STATES = {
    "status",
    *(field for model in apps.get_models() if issubclass(model, Stateful) for field in model.further_transitions),
}


def _writes_a_state(node: ast.AST) -> bool:
    """An assignment, or update(status=…) and its like: whatever `advance` is there to do."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    called = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "create"}
        and any(keyword.arg in STATES for keyword in node.keywords)
    )
    return called or any(isinstance(target, ast.Attribute) and target.attr in STATES for target in targets)


def test_only_advance_writes_a_state() -> None:
    """It names the field that it writes by a variable, so that no place at all may name one."""
    writers = {
        _name(path)
        for path in SOURCES
        if not _name(path).startswith(SANDBOX)
        for node in _nodes(path)
        if _writes_a_state(node)
    }
    assert writers == set(), writers


@pytest.mark.parametrize("written", ["order.status = new", "orders.update(status=new)", "orders.create(status=new)"])
def test_a_state_written_elsewhere_would_be_seen(written: str) -> None:
    assert any(_writes_a_state(node) for node in ast.walk(ast.parse(written)))


@pytest.mark.parametrize(
    "model", [model for model in apps.get_models() if issubclass(model, Stateful)], ids=lambda model: model.__name__
)
def test_every_state_can_be_reached_and_is_in_the_table(model: type[Stateful]) -> None:
    for table in (model.transitions, *model.further_transitions.values()):
        reached, waiting = set(), {""}
        while waiting:
            state = waiting.pop()
            reached.add(state)
            waiting |= set(table[state]) - reached
        assert reached == set(table)


def test_only_the_outermost_edge_says_now() -> None:
    """`clock.now` is called by faces, commands and the worker; cms has its own edges where a browser comes in."""
    edges = (
        "commerce/api/",
        "commerce/desk/collections/hooks.py",
        "commerce/desk/catalogue/bulk.py",
        "commerce/desk/catalogue/listing.py",
        "commerce/desk/catalogue/pages.py",
        "commerce/desk/credit/views.py",
        "commerce/desk/explaining/views.py",
        "commerce/desk/management/",
        "commerce/desk/invoicing/views.py",
        "commerce/desk/markets/views.py",
        "commerce/desk/orders/views.py",
        "commerce/desk/payments/views.py",
        "commerce/desk/pricing/history.py",
        "commerce/desk/pricing/lists.py",
        "commerce/desk/pricing/views.py",
        "commerce/desk/promotions/coupons.py",
        "commerce/desk/promotions/views.py",
        "commerce/desk/shipping/views.py",
        "commerce/desk/stock/counts.py",
        "commerce/desk/stock/views.py",
        "commerce/desk/taxes/forms.py",
        "commerce/desk/taxes/views.py",
        "commerce/desk/variants/page.py",
        "commerce/kit/clock.py",
        "commerce/kit/management/",
        "commerce/payments/management/",
        "cms/api/views.py",
        "cms/images/management/",
        "cms/preview/mixins.py",
        "cms/preview/sharing.py",
    )
    sayers = {
        _name(path)
        for path in SOURCES
        for node in _nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.ctx, ast.Load)
    }
    strangers = {path for path in sayers if not path.startswith((*edges, SANDBOX))}
    assert strangers == set(), strangers
