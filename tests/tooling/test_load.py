"""./dev load: its figures, its shoppers, and the server set-up that it runs."""

import os
import re
import subprocess
import sys
import time

import pytest
from dev import buyers, commands, load, meters, postgres
from dev.places import ROOT

LOAD = {
    "DJANGO_SETTINGS_MODULE": "config.settings.load",
    "SECRET_KEY": "only-for-a-test-of-the-load-settings-0123456789-abcdefghijklmnop",
    "DATABASE_URL": "postgres://magpie:magpie@127.0.0.1:1/magpie",
    "ALLOWED_HOSTS": "127.0.0.1",
    "MAGPIE_BASE_URL": "https://127.0.0.1",
    "MAGPIE_STOREFRONT_URL": "https://127.0.0.1",
    "MEDIA_BUCKET": "none",
    "INVOICE_BUCKET": "none-private",
    "MAGPIE_EMAIL_URL": "consolemail://",
    "MAGPIE_EMAIL_FROM": "Shop <shop@localhost>",
    "STRIPE_SECRET_KEY": "sk_test_load",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_load",
    "STRIPE_WEBHOOK_SECRET": "whsec_load",
    "LOAD_SANDBOX_URL": "http://127.0.0.1:1",
    "LOAD_SANDBOX_STORE": "sandbox.sqlite3",
    "LOAD_MEDIA": "media",
}


def _run(*words, **changes):
    environment = {"PATH": os.environ["PATH"], **LOAD, **changes}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [([], 95, 0), ([7], 50, 7), (range(1, 101), 50, 50), (range(1, 101), 95, 95), ([3, 1, 2], 99, 3)],
)
def test_a_percentile_is_a_value_that_was_measured(values, share, wanted):
    assert meters.percentile(list(values), share) == wanted


def test_the_processor_time_of_a_process_includes_what_its_children_used():
    busy = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    running = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert running.stdout.readline() == b"done\n"
        used = meters.processor_seconds({"busy": running.pid, "gone": 2**30})
    finally:
        running.communicate(b"\n", timeout=20)
    assert used["busy"] >= 0.3
    assert used["gone"] == 0


def test_purchases_begin_at_an_even_rate_and_end_with_the_run():
    now = time.time()
    starts = buyers.Starts(per_minute=60_000, until=now + 0.01)
    begun = sum(iter(starts.wait, False))
    assert 5 <= begun <= 10


def test_without_a_rate_a_shopper_begins_as_soon_as_it_is_free():
    assert buyers.Starts(per_minute=0, until=time.time() + 60).wait()
    assert not buyers.Starts(per_minute=0, until=time.time() - 1).wait()


@pytest.mark.parametrize(
    ("words", "shoppers", "threads"),
    [
        (["load"], 8, 2),
        (["load", "--rate", "300", "--stripe-latency", "2400"], 80, 26),
        (["load", "--buyers", "3", "--worker-threads", "5"], 3, 5),
    ],
)
def test_a_slow_gateway_needs_more_shoppers_and_threads_for_the_same_rate(words, shoppers, threads):
    chosen = commands._load(commands._parser().parse_args(words))
    assert (chosen.buyers, chosen.worker_threads) == (shoppers, threads)


def test_what_happens_within_ten_seconds_of_a_crash_belongs_to_it():
    crash = {"began": 100.0, "ready": 101.0}
    assert [load._belongs_to(crash, at) for at in (99.0, 100.0, 110.0, 111.0)] == [False, True, True, False]
    assert not load._belongs_to({}, 100.0)


def test_the_figures_name_every_step_and_a_lost_order_fails_the_run(tmp_path, capsys):
    (tmp_path / "postgres.log").write_text("")
    server = postgres.Server(tmp_path, tmp_path, 1, tmp_path / "postgres.log", [], ())
    shop = load.Shop(None, None, server, 1, 2, tmp_path)
    step = [[60.0, 0.010], [61.0, 0.020]]
    result = {
        "began": 0.0,
        "ended": 61.0,
        "orders": [{"at": 60.0, "number": "M-1"}],
        "steps": dict.fromkeys(load.STEPS, step),
        "failures": [],
        "abandoned": [],
        "used": {"web": 2.0, "worker 1": 1.0, "worker 2": 1.0},
        "crash": {},
    }
    found = {"orders": 1, "lost": [], "deadlocks": 0, "waiting": 0}
    assert load._report(shop, result, found, "") == 0
    shown = capsys.readouterr().out
    assert "1 paid orders in 1.0 minutes: 1 a minute" in shown
    assert all(re.search(rf"^{name} +2 +10 +20 +20 +20$", shown, re.M) for name in load.STEPS)
    assert re.search(r"^worker +2\.0 +2000\.0$", shown, re.M)
    assert load._report(shop, result, {**found, "lost": ["M-1"]}, "") == 1
    assert load._report(shop, result, found, "stock does not add up") == 1


def test_the_settings_of_the_load_are_productions_on_loopback():
    answer = _run(
        "-c",
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.STRIPE_SANDBOX_URL, 'pool' in s.DATABASES['default']['OPTIONS'])",
    )
    assert answer.stdout == "False False http://127.0.0.1:1 True\n", answer.stderr


@pytest.mark.parametrize("name", ["LOAD_SANDBOX_URL", "LOAD_SANDBOX_STORE", "LOAD_MEDIA"])
def test_the_settings_of_the_load_name_what_is_missing(name):
    answer = _run("-c", "from config.settings import load", **{name: ""})
    assert answer.returncode != 0
    assert name in answer.stderr.strip().splitlines()[-1]


def test_gunicorn_takes_its_set_up():
    answer = _run("-m", "gunicorn", "--config", "config/gunicorn.py", "--check-config", "config.wsgi")
    assert answer.returncode == 0, answer.stderr


def test_a_crashed_cluster_comes_back_with_what_was_committed(tmp_path):
    """Two starts of a real server; none of the machine's PostgreSQL, none of the test."""
    if postgres.find_binaries() is None:
        pytest.skip("no PostgreSQL here but that of the wheel")
    psycopg = pytest.importorskip("psycopg")
    with postgres.own_server(python=sys.executable, settings=postgres.DURABLE, log=tmp_path / "log") as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        server.crash()
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]
    assert not server.data.exists()
