from __future__ import annotations

import pytest

from commerce.kit import outbox


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other rooms make of a payment is their tests' business."""
    ours = {
        event: {name: handler for name, handler in handlers.items() if name.startswith("commerce.payments.")}
        for event, handlers in outbox._subscribers.items()
    }
    monkeypatch.setattr(outbox, "_subscribers", ours)
