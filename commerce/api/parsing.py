from __future__ import annotations

import io
import json
import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from commerce.kit.nesting import is_nested_too_deep

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class BoundedJSONParser(JSONParser):
    """JSON as it is, unless it is nested so deep that parsing it would exhaust the stack, or holds half a character:
    a lone surrogate can neither be stored nor sent back."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read()
        if is_nested_too_deep(body):
            raise ParseError("The JSON document is nested too deep.")
        document = super().parse(io.BytesIO(body), media_type, parser_context)
        if _SURROGATE.search(body) and not _is_text(document):
            raise ParseError("The JSON document holds half a character.")
        return document


def _is_text(document: Any) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
