"""The places where a process may die: all of them are in the code once, and none of them is in production."""

from __future__ import annotations

import ast
import dis
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest
from django.db import connection

from commerce.kit import crashing
from tests.journeys.processes import ROOT, url_of_this_database

CALL = "crash_point"
HOME = ROOT / "commerce" / "kit" / "crashing.py"
MODULES = [
    path
    for house in ("cms", "commerce", "config", "demo")
    for path in sorted((ROOT / house).rglob("*.py"))
    if path != HOME and CALL in path.read_text()
]


def _calls(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """The name of each point that the module calls, and whether the call stands under `if __debug__`."""
    guarded = {
        id(call)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.If) and _asks_for_debug(statement.test)
        for inner in statement.body
        for call in ast.walk(inner)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == CALL:
            [name] = node.args
            assert isinstance(name, ast.Constant)
            yield str(name.value), id(node) in guarded


def _asks_for_debug(test: ast.expr) -> bool:
    """`__debug__`, or `__debug__ and …`."""
    first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test
    return isinstance(first, ast.Name) and first.id == "__debug__"


def test_every_point_is_passed_in_exactly_one_place_of_the_code() -> None:
    passed = Counter(name for path in MODULES for name, _ in _calls(ast.parse(path.read_text())))
    assert passed == dict.fromkeys(crashing.POINTS, 1)


def test_every_point_stands_under_debug() -> None:
    assert all(is_guarded for path in MODULES for _, is_guarded in _calls(ast.parse(path.read_text())))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_in_production_no_trace_of_the_calls_is_left(path: Path) -> None:
    """PYTHONOPTIMIZE compiles `if __debug__` away: the name is imported and never used."""
    source = path.read_text()
    assert _uses(compile(source, str(path), "exec", optimize=0)), "with assertions on it is called"
    assert not _uses(compile(source, str(path), "exec", optimize=1))


def _uses(code: CodeType) -> bool:
    """Whether any function has an instruction that calls it or loads a point's name. The import is the module's own."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    is_function = code.co_name != "<module>"
    loaded = {str(each.argval) for each in dis.get_instructions(code)} if is_function else set()
    return bool(loaded & {CALL, *crashing.POINTS}) or any(_uses(each) for each in inner)


def test_there_is_nothing_to_kill_a_process_whose_settings_name_no_point() -> None:
    for name in crashing.POINTS:
        crashing.crash_point(name)


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_at_any_point_leaves_nothing_that_cannot_be_put_right(tmp_path: Path) -> None:
    """Each point once here; `./dev crash` kills as often as one likes."""
    log = tmp_path / "crash.log"
    variables = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": url_of_this_database()}
    connection.close()
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "tests.crashes", "--here", "--times", "1"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **variables},
            stdout=output,
            stderr=output,
            timeout=240,
            check=False,
        )
    report = log.read_text()
    assert done.returncode == 0, report
    for name in crashing.POINTS:
        assert f"\n{name} " in report
