"""How the demo shop's staff sort products beside their categories: tags, what is featured, new or shown together."""

from __future__ import annotations

FEATURED: tuple[str, ...] = (
    "dune-mushroom-lamp",
    "tideline-vase",
    "shoreline-blanket",
    "hearth-casserole",
    "chefs-knife",
    "harbour-rolltop",
    "herb-box",
)

TAGS: dict[str, tuple[str, ...]] = {
    "gift": (
        "quiet-hour-candle",
        "morning-mug",
        "pencil-pouch",
        "reed-bud-vase",
        "hand-trowel",
        "travel-tin-candle",
        "footed-cup",
        "garden-scissors",
        "brass-mister",
        "espresso-beakers",
        "suppers-from-one-pot",
        "twist-tapers",
        "shoreline-blanket",
        "breakfast-for-two",
    ),
    "bestseller": ("morning-mug", "market-tote", "hearth-casserole", "garden-twine", "dune-mushroom-lamp"),
    "repairable": (
        "heron-reading-lamp",
        "milk-pan",
        "chefs-knife",
        "harbour-rolltop",
        "commuter-daypack",
        "brass-mister",
    ),
    "one of a kind": ("moon-jar", "amphora-vase", "gourd-table-lamp", "marble-pastry-board"),
    "winter": ("shoreline-blanket", "herringbone-throw", "beeswax-pillar", "advent-candles"),
    "balcony": ("herb-box", "terrace-pot", "hanging-bowl", "long-spout-can", "garden-twine"),
}
"""Words of the staff's own, each with the products that bear it."""

RELATED: dict[str, tuple[str, ...]] = {
    "linen-drawstring": ("drawstring-sack-pattern", "bakers-tea-towels"),
    "drawstring-sack-pattern": ("linen-drawstring", "bakers-tea-towels"),
    "hearth-casserole": ("suppers-from-one-pot", "bakers-tea-towels", "paddle-board"),
    "suppers-from-one-pot": ("hearth-casserole", "nesting-bowls", "rimmed-plates"),
    "morning-mug": ("breakfast-for-two", "milk-pan", "rimmed-plates"),
    "chefs-knife": ("end-grain-block", "three-knives", "paddle-board"),
    "hand-trowel": ("hand-fork", "border-set", "tool-pouch"),
    "herb-box": ("long-spout-can", "garden-scissors", "hand-trowel"),
}
"""What a merchandiser shows beside a product; beside all others the shop shows their category."""

NEW: dict[str, int] = {
    "suppers-from-one-pot": 2,
    "drawstring-sack-pattern": 4,
    "footed-cup": 7,
    "long-spout-can": 9,
    "two-tone-rolltop": 13,
    "tideline-vase": 16,
    "lattice-cushion": 20,
    "stovetop-kettle": 26,
}
"""How many days ago they came in; everything else has been there since the shop opened."""
