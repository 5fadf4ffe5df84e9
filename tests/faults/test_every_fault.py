"""docs/reliability.md names all faults, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text()
ROWS = {int(number): row for number, row in re.findall(r"^\| (\d+) \|(.*)$", PAGE, re.MULTILINE)}
FAULTS = 34


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_all_34_faults_have_a_row_and_each_row_has_a_test() -> None:
    assert set(ROWS) == set(range(1, FAULTS + 1))
    assert all("`tests/" in row for row in ROWS.values())


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", PAGE)
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).exists() or (test and test not in _tests_in(ROOT / path))
    ]
    assert missing == []


def test_every_test_of_a_fault_is_on_the_page() -> None:
    """Whoever tests a fault by its number is found from the page."""
    numbered = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in _tests_in(path)
        if name.startswith("test_fault_")
    }
    wrong = [
        f"{path}::{name}"
        for path, name in sorted(numbered)
        if path not in ROWS[int(name.split("_")[2])] and "tests/faults/" in path
    ]
    assert wrong == []


def test_races_have_their_negative_control() -> None:
    """In each module of races some test takes the protection away."""
    modules = sorted((ROOT / "tests" / "races").glob("test_*.py"))
    assert modules
    without = [path.name for path in modules if not any("without" in name for name in _tests_in(path))]
    assert without == []
