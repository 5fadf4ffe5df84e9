"""What menus are made of: links, and below each of them further links."""

from __future__ import annotations

from wagtail import blocks

from cms.blocks.choosing import SnippetChoice
from cms.blocks.text import ADDRESS, ADDRESS_HELP

MOST_LINKS = 12
_LABEL_HELP = "The title of what it leads to unless written."
_STORY_PAGES = ["pages.HomePage", "pages.LandingPage", "pages.ArticlePage"]


class LinkBlock(blocks.StructBlock):
    class Meta:
        label_format = "{label} {target}"


def _link(target: blocks.Block, *, icon: str, label: str, further: list[tuple[str, blocks.Block]]) -> LinkBlock:
    own_label = blocks.CharBlock(required=False, max_length=60, help_text=_LABEL_HELP)
    return LinkBlock([("target", target), ("label", own_label), *further], icon=icon, label=label)


def _links(*further: tuple[str, blocks.Block]) -> list[tuple[str, blocks.Block]]:
    """A block for each kind of thing that a link may lead to."""
    said = {"label": "Leads to"}
    targets = {
        "page": (blocks.PageChooserBlock(page_type=_STORY_PAGES, **said), "doc-empty-inverse", "Page"),
        "category": (
            blocks.PageChooserBlock(page_type="catalogue.CategoryPage", **said),
            "folder-open-inverse",
            "Category",
        ),
        "collection": (SnippetChoice("catalogue.Collection", **said), "list-ul", "Collection"),
        "brand": (SnippetChoice("catalogue.Brand", **said), "pick", "Brand"),
        "product": (SnippetChoice("catalogue.ProductContent", **said), "tag", "Product"),
        "address": (
            blocks.CharBlock(max_length=255, help_text=ADDRESS_HELP, validators=[ADDRESS], **said),
            "link",
            "Own address",
        ),
    }
    return [
        (name, _link(target, icon=icon, label=label, further=list(further)))
        for name, (target, icon, label) in targets.items()
    ]


_BELOW = ("items", blocks.StreamBlock(_links(), required=False, max_num=MOST_LINKS, collapsed=True, label="Below it"))

MENU: list[tuple[str, blocks.Block]] = [
    *_links(_BELOW),
    (
        "heading",
        LinkBlock([("label", blocks.CharBlock(max_length=60)), _BELOW], icon="title", label="Heading"),
    ),
]
"""Two levels deep. A heading leads nowhere itself."""
