"""The stored data of a stream, walked along its blocks without loading anything.

What a page names can so be collected in one walk, loaded once for each kind, and put in its place by a second walk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.images.blocks import ImageBlock

Leaf = Callable[[Any, Any, Any], Any]
"""Called with the block of a picture, rich text or chosen thing, its stored value, and the struct that it stands in."""


def told(stream: StreamValue, leaf: Leaf) -> list[dict[str, Any]]:
    """The blocks of a stream as {type, value, id}, with `leaf` saying what stands for what they name.

    A block of a type that is no more, or of which nothing is left to show, is left out.
    """
    found: list[dict[str, Any]] = _told(stream.stream_block, list(stream.raw_data), leaf, within=None)
    return found


def _told(block: Any, raw: Any, leaf: Leaf, *, within: Any) -> Any:
    match block:
        case ImageBlock() | blocks.ChooserBlock() | blocks.RichTextBlock():
            return leaf(block, raw, within)
        case blocks.StreamBlock():
            return [found for child in _listed(raw) if (found := _child(block, child, leaf, within)) is not None]
        case blocks.ListBlock():
            items = (_told(block.child_block, _item(each), leaf, within=within) for each in _listed(raw))
            return [item for item in items if item is not None]
        case blocks.StructBlock():
            given = raw if isinstance(raw, dict) else {}
            parts = {
                name: _told(part, given.get(name), leaf, within=block) for name, part in block.child_blocks.items()
            }
            return block.told(parts) if hasattr(block, "told") else parts
    value = block.get_prep_value(block.get_default()) if raw is None else raw
    return "" if value is None and isinstance(block, blocks.FieldBlock) else value


def _child(stream_block: Any, child: Any, leaf: Leaf, within: Any) -> dict[str, Any] | None:
    block = stream_block.child_blocks.get(child.get("type")) if isinstance(child, dict) else None
    if block is None:
        return None
    value = _told(block, child.get("value"), leaf, within=within)
    return None if value is None else {"type": child["type"], "value": value, "id": child.get("id")}


def _item(each: Any) -> Any:
    """Lists hold their values bare, as Wagtail once wrote them, or with an id."""
    is_wrapped = isinstance(each, dict) and each.get("type") == "item" and "value" in each
    return each["value"] if is_wrapped else each


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []
