"""A mail server on loopback, as good or as bad as a test wants it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class Sink:
    """Speaks SMTP (RFC 5321) as far as a mail needs it. `taken` are the mails that it has said yes to.

    `drops` lets it take a mail and hang up before it says so; `refuses` is the answer to a recipient, if not yes.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.heard: list[EmailMessage] = []
        self.connections = 0
        self.drops = 0
        self.drops_at_once = False
        self.refuses = ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        # A shutdown wakes whoever waits in accept; closing alone does not.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                self.connections += 1
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        if self.drops_at_once:
            return
        with line.makefile("rwb") as file:

            def say(text: str) -> None:
                file.write(f"{text}\r\n".encode())
                file.flush()

            say("220 sink")
            while command := file.readline().decode().strip().upper():
                verb = command.split(" ")[0].split(":")[0]
                if verb == "QUIT":
                    say("221 bye")
                    return
                if verb == "RCPT" and self.refuses:
                    say(self.refuses)
                elif verb == "DATA":
                    say("354 go on")
                    if not self._take(file):
                        return
                    say("250 taken")
                else:
                    say("250 sink")

    def _take(self, file: Any) -> bool:
        lines = []
        while (line := file.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.heard.append(message)
        if self.drops:
            self.drops -= 1
            return False
        self.taken.append(message)
        return True


@contextmanager
def mail_server() -> Iterator[Sink]:
    sink = Sink()
    try:
        yield sink
    finally:
        sink.close()


def nobody_listens() -> int:
    """A port at which there is no server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
