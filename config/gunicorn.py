"""How gunicorn serves the shop: `gunicorn --config config/gunicorn.py config.wsgi`.

A request mostly computes, so there is a process for each core; a checkout also waits for Stripe, two seconds and more
at times, so each process has threads that others use meanwhile. Every thread may hold a database connection while it
waits: DATABASE_POOL_SIZE follows WEB_THREADS.
"""

import gc

from config import env

bind = env.text("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = env.number("WEB_PROCESSES", 2, at_least=1)
threads = env.number("WEB_THREADS", 16, at_least=1)
# Behind a proxy that keeps its connections; the proxy's own limit must be the shorter one.
keepalive = 75
timeout = 60
graceful_timeout = 30
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """What was loaded stays for as long as the process: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
