from __future__ import annotations

from typing import Any

from wagtail.rich_text import expand_db_html


def story(blocks: Any) -> list[dict[str, Any]]:
    """What a product or a category tells, block by block, ready to send."""
    return [_block(block) for block in blocks]


def _block(block: Any) -> dict[str, Any]:
    value = block.block.get_api_representation(block.value, {})
    if block.block_type == "paragraph":
        value = expand_db_html(block.value.source)
    return {"type": block.block_type, "value": value, "id": block.id}
