"""How deep a JSON document is nested, found out without parsing it: a parser that recurses can be driven too deep."""

from __future__ import annotations

import re
from itertools import accumulate

DEEPEST = 100

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def is_nested_too_deep(document: bytes) -> bool:
    """Whether arrays and objects lie more than 100 deep. Brackets within texts do not count."""
    brackets = _TEXT.sub(b"", document)
    return max(accumulate(_STEP.get(sign, 0) for sign in brackets), default=0) > DEEPEST
