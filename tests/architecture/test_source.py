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


def test_only_advance_writes_a_status() -> None:
    """Assignments and update(status=…) on models with a transition table, anywhere but in the one function."""
    writers = set()
    for path in SOURCES:
        for node in _nodes(path):
            targets = node.targets if isinstance(node, ast.Assign) else []
            assigned = any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
            called = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"update", "create"}
                and any(keyword.arg == "status" for keyword in node.keywords)
            )
            if (assigned or called) and not _name(path).startswith(SANDBOX):
                writers.add(_name(path))
    assert writers == {"commerce/kit/states.py"}, writers


@pytest.mark.parametrize(
    "model", [model for model in apps.get_models() if issubclass(model, Stateful)], ids=lambda model: model.__name__
)
def test_every_state_can_be_reached_and_is_in_the_table(model: type[Stateful]) -> None:
    reached, waiting = set(), {""}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= set(model.transitions[state]) - reached
    assert reached == set(model.transitions)


def test_only_the_outermost_edge_says_now() -> None:
    """`clock.now` is called by faces, commands and the worker; cms has its own edges where a browser comes in."""
    edges = (
        "commerce/api/",
        "commerce/desk/credit/views.py",
        "commerce/desk/explaining/views.py",
        "commerce/desk/management/",
        "commerce/desk/markets/views.py",
        "commerce/desk/pricing/history.py",
        "commerce/desk/pricing/lists.py",
        "commerce/desk/pricing/views.py",
        "commerce/desk/promotions/coupons.py",
        "commerce/desk/promotions/views.py",
        "commerce/desk/selling.py",
        "commerce/desk/shipping/views.py",
        "commerce/desk/taxes/forms.py",
        "commerce/desk/taxes/views.py",
        "commerce/kit/clock.py",
        "commerce/kit/management/",
        "cms/api/views.py",
        "cms/preview/mixins.py",
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
