from __future__ import annotations

import io
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from commerce.kit.nesting import is_nested_too_deep


class BoundedJSONParser(JSONParser):
    """JSON as it is, unless it is nested so deep that parsing it would exhaust the stack."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read()
        if is_nested_too_deep(body):
            raise ParseError("The JSON document is nested too deep.")
        return super().parse(io.BytesIO(body), media_type, parser_context)
