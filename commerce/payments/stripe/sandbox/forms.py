"""Stripe's form encoding: a[b][c]=1 is nested, a[]=1 is a list."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){0,8})")


def parse(encoded: str) -> dict[str, Any]:
    """Nested dictionaries of strings. A malformed key is kept as it stands, to be refused as unknown."""
    params: dict[str, Any] = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        match = _KEY.fullmatch(key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])] if match else [key]
        _place(params, path, value)
    return params


def _place(params: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        nested = params.get(step)
        if not isinstance(nested, dict):
            nested = params[step] = {}
        params = nested
    # a[] counts on: each value gets the next number for its name.
    params[path[-1] or str(len(params))] = value
