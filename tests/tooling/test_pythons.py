"""Which Python ./dev takes, and what it says when there is none."""

from pathlib import Path

import pytest
from dev import pythons
from dev.pythons import Python
from dev.terminal import Failure


def _machine(*versions, lame=()):
    """A machine with these versions, as (candidates, probe). Those in `lame` have no ensurepip."""
    known = {}
    for version in versions:
        path = Path(f"/opt/pythons/python{version}")
        major, minor = version.split(".")
        known[path] = Python(
            (int(major), int(minor), 4), path, complete=True, can_make_environments=version not in lame
        )
    return {"candidates": list(known), "probe": known.get}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (["3.9", "3.11", "3.12", "3.13"], "3.13"),
        (["3.14", "3.12", "3.10"], "3.12"),
        (["3.11"], "3.11"),
        (["3.14", "3.10"], "3.14"),
    ],
)
def test_the_newest_supported_python_is_taken_and_3_14_only_where_nothing_else_is(versions, expected):
    assert pythons.choose(**_machine(*versions)).short == expected


def test_a_named_version_is_taken_although_a_newer_one_is_there():
    assert pythons.choose(wanted="3.11", **_machine("3.11", "3.13")).short == "3.11"


def test_a_python_given_by_its_path_is_taken():
    assert pythons.choose(wanted="/opt/pythons/python3.12", **_machine("3.12", "3.13")).short == "3.12"


def test_a_python_that_cannot_make_environments_is_passed_over():
    assert pythons.choose(**_machine("3.12", "3.13", lame=["3.13"])).short == "3.12"


def test_uv_makes_environments_for_a_python_that_cannot():
    assert pythons.choose(with_uv=True, **_machine("3.12", "3.13", lame=["3.13"])).short == "3.13"


def test_a_shim_that_does_not_start_is_passed_over():
    machine = _machine("3.12")
    machine["candidates"].insert(0, Path("/opt/shims/python3.13"))
    assert pythons.choose(**machine).short == "3.12"


def test_without_any_python_the_message_names_the_one_package():
    with pytest.raises(Failure, match=r"needs Python 3\.11, 3\.12 or 3\.13; found none\.\n.*apt install python3-venv$"):
        pythons.choose(candidates=[], probe=lambda path: None)


def test_pythons_that_do_not_do_are_named():
    with pytest.raises(Failure, match=r"needs Python 3\.11, 3\.12 or 3\.13; found only 3\.9, 3\.10\."):
        pythons.choose(**_machine("3.10", "3.9"))


def test_where_only_the_venv_package_is_missing_the_message_names_that_one():
    with pytest.raises(Failure, match=r"Python 3\.13\.4 is here .* cannot make environments\.\n.*python3\.13-venv$"):
        pythons.choose(**_machine("3.13", lame=["3.13"]))


def test_a_named_version_that_is_not_here_is_said_by_name():
    with pytest.raises(Failure, match=r"needs Python 3\.12; found only 3\.13\.\n.*python3\.12-venv$"):
        pythons.choose(wanted="3.12", **_machine("3.13"))


@pytest.mark.parametrize("wanted", ["3.10", "3.15", "2.7", "newest"])
def test_an_unsupported_version_is_refused_as_a_wrong_call(wanted):
    with pytest.raises(Failure) as refusal:
        pythons.choose(wanted=wanted, **_machine("3.13"))
    assert refusal.value.exit_code == 2


def test_the_python_that_runs_these_tests_answers_for_itself():
    import sys

    found = pythons.ask_python(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:3]
    assert found.complete
