"""pyproject.toml is the source, uv.lock locks it, requirements*.txt are its export: the three agree."""

import os
import subprocess
import tomllib

import pytest
import uv
from dev import environment
from dev.places import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def _as_words(requirement):
    extras = ",".join(sorted(requirement.extras))
    return canonicalize_name(requirement.name), extras, str(requirement.specifier), str(requirement.marker or "")


def _locked_words(entry):
    requirement = Requirement(entry["name"] + entry.get("specifier", ""))
    extras = ",".join(sorted(entry.get("extras", [])))
    return canonicalize_name(entry["name"]), extras, str(requirement.specifier), entry.get("marker", "")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def locked():
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return next(package for package in packages if package["name"] == "magpie")["metadata"]


def _exported(*choice):
    """What uv says now, without the network and without the settings of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    answer = subprocess.run(
        [uv.find_uv_bin(), "export", "--quiet", "--offline", *environment.EXPORT_OPTIONS, *choice],
        cwd=ROOT,
        env=kept | {"UV_PYTHON_DOWNLOADS": "never"},
        capture_output=True,
        check=True,
    )
    return answer.stdout


def test_the_lock_was_made_from_the_dependencies_of_the_project(project, locked):
    declared = {_as_words(Requirement(line)) for line in project["project"]["dependencies"]}
    assert {_locked_words(entry) for entry in locked["requires-dist"]} == declared


def test_the_lock_was_made_from_what_the_tests_need(project, locked):
    declared = {_as_words(Requirement(line)) for line in project["dependency-groups"]["dev"]}
    assert {_locked_words(entry) for entry in locked["requires-dev"]["dev"]} == declared


@pytest.mark.parametrize("path", list(environment.EXPORTS), ids=lambda path: path.name)
def test_the_export_for_plain_pip_is_what_the_lock_says(path):
    expected = environment.EXPORT_HEADER.encode() + _exported(*environment.EXPORTS[path])
    assert path.read_bytes() == expected, "run ./dev lock"


def test_every_direct_dependency_is_pinned_for_plain_pip(project):
    lines = environment.REQUIREMENTS.read_text().splitlines()
    pinned = {canonicalize_name(Requirement(line).name) for line in lines if line[:1].isalnum()}
    direct = {canonicalize_name(Requirement(line).name) for line in project["project"]["dependencies"]}
    assert direct <= pinned


def test_one_lock_carries_both_supported_djangos():
    lines = environment.REQUIREMENTS.read_text().splitlines()
    djangos = sorted(line for line in lines if line.startswith("django=="))
    assert [line.partition(".")[0] + "." + line.split(".")[1] for line in djangos] == ["django==5.2", "django==6.1"]
    assert all("python_full_version" in line for line in djangos)
