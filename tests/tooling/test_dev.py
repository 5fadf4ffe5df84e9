"""./dev itself: starts with nothing installed, refuses clearly, and leaves nothing running."""

import ast
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from dev import checks, node, postgres, processes
from dev.checks import Result
from dev.demo import Demo
from dev.places import ROOT, digest_of_files, read_stamp, write_stamp
from dev.terminal import Failure

DEV = ROOT / "dev"
SOURCES = [DEV, *sorted((ROOT / "tools" / "dev").glob("*.py"))]

HOLDING = """
import fcntl, sys, time
handle = open(sys.argv[1], "w")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def _run_dev(*words, bare=False):
    command = [sys.executable, *(["-S"] if bare else []), str(DEV), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_help_needs_nothing_installed_and_lists_every_command():
    answer = _run_dev("--help", bare=True)
    assert answer.returncode == 0, answer.stderr
    for command in ("demo", "test", "check", "episodes", "crash", "flash", "workshop", "manage", "lock", "clean"):
        assert f"\n    {command} " in answer.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_imports_the_standard_library_only(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    imported = set()
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom):
            imported.add(statement.module.partition(".")[0])
    assert imported <= sys.stdlib_module_names | {"dev"}


def test_an_unknown_command_is_refused():
    answer = _run_dev("deploy-to-the-moon")
    assert answer.returncode == 2
    assert "invalid choice" in answer.stderr


def test_a_busy_port_is_named_before_anything_is_made():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        answer = _run_dev("demo", "--port", str(port))
    assert answer.returncode == 2
    assert f"Port {port} is taken" in answer.stderr
    assert "./dev demo --port " in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize("port", ["0", "65534", "-1"])
def test_a_port_without_two_neighbours_is_refused(port):
    answer = _run_dev("demo", f"--port={port}")
    assert answer.returncode == 2
    assert "outside 1 to 65533" in answer.stderr


def test_the_demo_pays_into_the_sandbox_whatever_keys_the_user_has(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_of_the_user")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    variables = Demo(port=9000, state=tmp_path).variables()
    assert "STRIPE_SECRET_KEY" not in variables
    assert variables["STRIPE_SANDBOX_URL"] == "http://localhost:9002"
    assert variables["MAGPIE_STOREFRONT_URL"] == "http://localhost:9001"
    assert variables["DATABASE_URL"] == f"sqlite:///{tmp_path}/demo.sqlite3"


def test_manage_follows_the_ports_of_the_demo_that_ran_last(tmp_path):
    assert Demo.last(state=tmp_path) == Demo(state=tmp_path)
    Demo(port=9850, state=tmp_path).note()
    assert Demo.last(state=tmp_path).variables()["STRIPE_SANDBOX_URL"] == "http://localhost:9852"


def test_a_long_step_is_read_along_to_its_last_line(tmp_path):
    told = []
    words = [sys.executable, "-c", "print('one'); print('two')"]
    processes.run("load", words, log=tmp_path / "load.log", tell=told.append)
    assert told == ["one", "two"]


def test_the_demo_uses_the_database_that_the_user_names(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://shop@db.example.com/shop")
    assert Demo().variables()["DATABASE_URL"] == "postgres://shop@db.example.com/shop"


@pytest.mark.parametrize(
    ("version", "suitable"),
    [
        ("v18.20.4", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("24.19.0", True),
        ("", False),
    ],
)
def test_only_a_node_that_vite_runs_on_is_taken(version, suitable):
    assert node.is_suitable(version) is suitable


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"DATABASE_URL": "postgres://a@b/c"}, "postgres://a@b/c"),
        ({"DATABASE_URL": "postgresql://a@b/c"}, "postgresql://a@b/c"),
        ({"DATABASE_URL": "sqlite:///shop.sqlite3"}, ""),
        ({}, ""),
    ],
)
def test_only_a_postgresql_address_takes_the_place_of_the_throw_away_server(variables, url):
    assert postgres.given_url(variables) == url


def test_stopping_a_child_stops_what_it_started(tmp_path):
    held = tmp_path / "held"
    starting = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]], check=False)"
    parent = processes.start(
        "parent", [sys.executable, "-c", starting, HOLDING, str(held)], log=tmp_path / "parent.log"
    )
    _wait_for(lambda: "held" in parent.log.read_text())
    assert not _can_lock(held)
    processes.stop([parent])
    assert parent.process.returncode == -signal.SIGTERM
    _wait_for(lambda: _can_lock(held))


def test_a_child_that_ignores_the_request_is_ended_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = processes.start("deaf", [sys.executable, "-c", script], log=tmp_path / "deaf.log")
    _wait_for(lambda: "deaf" in child.log.read_text())
    processes.stop([child])
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_demo_quietly_even_when_it_comes_twice(number, tmp_path):
    script = f"""
import sys
sys.path.insert(0, {str(ROOT / "tools")!r})
from pathlib import Path
from dev import commands, processes

def stay(words):
    log = Path("child.log")
    child = processes.start("child", [sys.executable, "-c", {HOLDING!r}, str(Path("held").absolute())], log=log)
    return processes.finish(child)

commands._dispatch = stay
sys.exit(commands.main(["demo"]))
"""
    running = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    _wait_for(lambda: (tmp_path / "child.log").is_file() and "held" in (tmp_path / "child.log").read_text())
    running.send_signal(number)
    running.send_signal(number)
    output, errors = running.communicate(timeout=20)
    assert (running.returncode, output, errors) == (0, "\nstopped\n", "")
    _wait_for(lambda: _can_lock(tmp_path / "held"))


def test_a_failing_step_shows_the_end_of_its_log(tmp_path):
    words = [sys.executable, "-c", "print('the disk is full'); raise SystemExit(3)"]
    with pytest.raises(Failure, match=r"migrate failed[\s\S]*the disk is full\n\s*try again"):
        processes.run("migrate", words, log=tmp_path / "migrate.log", otherwise="try again")


def test_the_last_line_counts_the_stages(capsys):
    code = checks._conclude([Result("lint", True, 1.0), Result("sqlite", False, 61.2, "1 failed, 8 passed")])
    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[-1] == "1 passed, 1 failed"
    assert any(line.split() == ["sqlite", "61.2", "s", "FAILED", "1", "failed,", "8", "passed"] for line in lines)


def test_a_failing_stage_does_not_keep_the_next_from_running(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(checks, "LOGS", tmp_path)

    def breaks(bench, log):
        raise Failure("no such thing here")

    lane = {"first": breaks, "second": lambda bench, log: "3 passed"}
    results = checks._run_lane(None, lane, ["first", "second"])
    assert [result.passed for result in results] == [False, True]
    assert "no such thing here" in capsys.readouterr().out


def test_tests_do_not_see_the_settings_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_of_the_user")
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    shop = checks.Environment(folder=tmp_path, version="3.13.1")
    variables = checks.Bench(shop).variables()
    assert "STRIPE_SECRET_KEY" not in variables
    assert "DATABASE_URL" not in variables


def test_what_an_earlier_run_made_is_fresh_until_a_file_changes(tmp_path):
    source, stamp = tmp_path / "lock", tmp_path / "made" / "stamp.json"
    source.write_text("one")
    write_stamp(stamp, digest=digest_of_files([source], also=["8000"]))
    assert read_stamp(stamp)["digest"] == digest_of_files([source], also=["8000"])
    assert read_stamp(stamp)["digest"] != digest_of_files([source], also=["9000"])
    source.write_text("two")
    assert read_stamp(stamp)["digest"] != digest_of_files([source], also=["8000"])


def test_a_damaged_stamp_counts_as_none(tmp_path):
    stamp = tmp_path / "stamp.json"
    stamp.write_text("{half")
    assert read_stamp(stamp) == {}


@pytest.mark.parametrize("path", [DEV, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_it_can_be_executed(path):
    assert os.access(path, os.X_OK)


def test_continuous_integration_runs_the_whole_test_command():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec ./dev test")


def _can_lock(path):
    """The lock ends with the process that holds it, whoever is its parent by then."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
