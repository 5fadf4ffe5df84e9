from __future__ import annotations

import pytest

from commerce.kit.nesting import is_nested_too_deep


@pytest.mark.parametrize(
    ("document", "too_deep"),
    [
        (b"", False),
        (b"[" * 100 + b"]" * 100, False),
        (b"[" * 101, True),
        (b'{"a":' * 101, True),
        (b"[]" * 1000, False),
        (b'"' + b"[" * 1000 + b'"', False),
        (b'"' + b"[" * 1000, False),
        (rb'["\"' + b"[" * 1000 + b'"]', False),
        (b'["a\\\\"' + b"[" * 101, True),
        (b"\xff" * 10, False),
    ],
)
def test_depth_is_counted_outside_of_texts(document: bytes, too_deep: bool) -> None:
    assert is_nested_too_deep(document) is too_deep
