"""What shoppers compare the demo shop's products by, in English and German, and what each product has of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo import catalogue, editorial
from demo.wording import Both

Value = str | tuple[str, ...] | int | Decimal | bool | date | Both[str]

_NO_UNIT = Both("", "")


@dataclass(frozen=True)
class Attribute:
    """`choices` by their codes; `within` are the categories whose set it belongs to, those below them inherit it."""

    code: str
    name: Both[str]
    type: str
    within: tuple[str, ...]
    unit: Both[str] = _NO_UNIT
    choices: tuple[tuple[str, Both[str]], ...] = ()
    is_facet: bool = True


_EVERYWHERE = ("home", "kitchen", "bags", "garden")

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "material",
        Both("Material", "Material"),
        "choices",
        _EVERYWHERE,
        choices=(
            ("stoneware", Both("Stoneware", "Steinzeug")),
            ("porcelain", Both("Porcelain", "Porzellan")),
            ("terracotta", Both("Terracotta", "Terrakotta")),
            ("glass", Both("Glass", "Glas")),
            ("marble", Both("Marble", "Marmor")),
            ("oak", Both("Oak", "Eiche")),
            ("walnut", Both("Walnut", "Nussbaum")),
            ("ash", Both("Ash", "Esche")),
            ("beech", Both("Beech", "Buche")),
            ("larch", Both("Larch", "Lärche")),
            ("iron", Both("Iron", "Eisen")),
            ("steel", Both("Steel", "Stahl")),
            ("copper", Both("Copper", "Kupfer")),
            ("brass", Both("Brass", "Messing")),
            ("linen", Both("Linen", "Leinen")),
            ("cotton", Both("Cotton", "Baumwolle")),
            ("wool", Both("Wool", "Wolle")),
            ("canvas", Both("Waxed canvas", "Gewachstes Segeltuch")),
            ("leather", Both("Leather", "Leder")),
            ("beeswax", Both("Beeswax", "Bienenwachs")),
            ("rapeseed-wax", Both("Rapeseed wax", "Rapswachs")),
            ("paper", Both("Paper", "Papier")),
            ("jute", Both("Jute", "Jute")),
            ("coconut", Both("Coconut fibre", "Kokosfaser")),
        ),
    ),
    Attribute(
        "made-in",
        Both("Made in", "Hergestellt in"),
        "choice",
        _EVERYWHERE,
        choices=(
            ("austria", Both("Austria", "Österreich")),
            ("denmark", Both("Denmark", "Dänemark")),
            ("france", Both("France", "Frankreich")),
            ("germany", Both("Germany", "Deutschland")),
            ("ireland", Both("Ireland", "Irland")),
            ("netherlands", Both("Netherlands", "Niederlande")),
            ("portugal", Both("Portugal", "Portugal")),
            ("sweden", Both("Sweden", "Schweden")),
        ),
    ),
    Attribute(
        "height",
        Both("Height", "Höhe"),
        "number",
        ("lamps", "vases", "candles", "backpacks", "totes", "planters"),
        unit=Both("cm", "cm"),
    ),
    Attribute(
        "width",
        Both("Width", "Breite"),
        "number",
        ("textiles", "bowls-and-plates", "boards-and-knives", "bags", "planters"),
        unit=Both("cm", "cm"),
    ),
    Attribute(
        "volume",
        Both("Holds", "Fassungsvermögen"),
        "number",
        ("mugs-and-cups", "bowls-and-plates", "pots-and-pans", "backpacks", "watering"),
        unit=Both("l", "l"),
    ),
    Attribute("weight", Both("Weight", "Gewicht"), "number", ("bags", "tools"), unit=Both("g", "g")),
    Attribute("dishwasher-safe", Both("Dishwasher-safe", "Spülmaschinenfest"), "boolean", ("kitchen",)),
    Attribute("induction", Both("For induction hobs", "Für Induktion"), "boolean", ("pots-and-pans",)),
    Attribute(
        "colour-temperature",
        Both("Colour of the light", "Lichtfarbe"),
        "number",
        ("lamps",),
        unit=Both("K", "K"),
    ),
    Attribute("burning-time", Both("Burns for", "Brenndauer"), "number", ("candles",), unit=Both("hours", "Stunden")),
    Attribute(
        "care",
        Both("Care", "Pflege"),
        "text",
        ("textiles", "pots-and-pans", "boards-and-knives", "bags"),
        is_facet=False,
    ),
    Attribute("first-made", Both("First made", "Erstmals gefertigt"), "date", ("vases",), is_facet=False),
)

_MADE_IN = {
    "lanternfold": "germany",
    "kilnside": "denmark",
    "loomward": "portugal",
    "waxwing": "austria",
    "ironroot": "france",
    "whetstead": "sweden",
    "saltmarsh": "netherlands",
    "hedgerow-works": "ireland",
}
"""By brand. What a vendor makes for one is made where the vendor is."""

_OIL = Both(
    "Wipe, dry standing, oil when it looks thirsty.", "Abwischen, stehend trocknen, ölen, wenn es durstig wirkt."
)
_REWAX = Both(
    "Brush off, never machine-wash; rewax each autumn.", "Ausbürsten, nie in die Maschine; jeden Herbst wachsen."
)
_WASH_40 = Both("Machine wash at 40 °C.", "Maschinenwäsche bei 40 °C.")
_WASH_60 = Both("Machine wash at 60 °C.", "Maschinenwäsche bei 60 °C.")
_WOOL = Both("Air it; cold water and wool soap if you must.", "Lüften; wenn es sein muss, kaltes Wasser und Wollseife.")
_HAND = Both("Wash by hand and dry at once.", "Von Hand spülen und gleich abtrocknen.")
_IRON = Both("No soap: hot water, a brush, a drop of oil.", "Keine Seife: heißes Wasser, Bürste, ein Tropfen Öl.")

_VALUES: dict[str, dict[str, Value]] = {
    "gourd-table-lamp": {"material": ("stoneware", "linen"), "height": 52, "colour-temperature": 2700},
    "dune-mushroom-lamp": {"material": ("steel",), "height": 31, "colour-temperature": 2700},
    "heron-reading-lamp": {"material": ("brass", "steel"), "height": 48, "colour-temperature": 3000},
    "spindle-lamp": {"material": ("oak", "cotton"), "height": 42, "colour-temperature": 2700},
    "halo-pendant": {"material": ("steel",), "colour-temperature": 2700},
    "lantern-paper-pendant": {"material": ("paper",), "height": 46, "colour-temperature": 2700},
    "tideline-vase": {"material": ("stoneware",), "first-made": date(2023, 3, 1)},
    "moon-jar": {"material": ("stoneware",), "height": 30, "first-made": date(2009, 10, 17)},
    "reed-bud-vase": {"material": ("porcelain",), "height": 15},
    "fluted-column-vase": {"material": ("stoneware",), "height": 30},
    "brushstroke-bottle": {"material": ("stoneware",), "height": 32},
    "garden-jug": {"material": ("stoneware",), "height": 22, "volume": Decimal("1.4"), "dishwasher-safe": True},
    "amphora-vase": {"material": ("stoneware",), "height": 32},
    "windowpane-cushion": {"material": ("linen",), "width": 45, "care": _WASH_40},
    "lattice-cushion": {"material": ("wool", "cotton"), "width": 50, "care": _WOOL},
    "ticking-bolster": {"material": ("cotton",), "width": 60, "care": _WASH_60},
    "shoreline-blanket": {"material": ("wool",), "width": 140, "care": _WOOL},
    "herringbone-throw": {"material": ("wool",), "width": 130, "care": _WOOL},
    "bakers-tea-towels": {"material": ("linen",), "width": 50, "care": _WASH_60},
    "beeswax-pillar": {"material": ("beeswax",)},
    "three-hills-candles": {"material": ("rapeseed-wax",), "height": 13, "burning-time": 75},
    "twist-tapers": {"material": ("rapeseed-wax", "brass"), "height": 25, "burning-time": 21},
    "quiet-hour-candle": {"material": ("rapeseed-wax", "stoneware"), "height": 9, "burning-time": 45},
    "travel-tin-candle": {"material": ("rapeseed-wax", "brass"), "height": 5, "burning-time": 25},
    "harvest-dinner-candles": {"material": ("rapeseed-wax",), "height": 24, "burning-time": 63},
    "morning-mug": {"material": ("stoneware",), "volume": Decimal("0.33"), "dishwasher-safe": True},
    "half-dipped-mug": {"material": ("stoneware",), "volume": Decimal("0.35"), "dishwasher-safe": True},
    "footed-cup": {"material": ("stoneware",), "volume": Decimal("0.28"), "dishwasher-safe": True},
    "espresso-beakers": {"material": ("stoneware",), "volume": Decimal("0.09"), "dishwasher-safe": True},
    "striped-mug": {"material": ("stoneware",), "volume": Decimal("0.35"), "dishwasher-safe": True},
    "nesting-bowls": {"material": ("stoneware",), "width": 26, "dishwasher-safe": True},
    "ramen-bowl": {"material": ("stoneware",), "width": 18, "volume": 1, "dishwasher-safe": True},
    "rimmed-plates": {"material": ("stoneware",), "dishwasher-safe": True},
    "serving-bowl": {"material": ("stoneware",), "width": 28, "dishwasher-safe": True},
    "breakfast-for-two": {"material": ("stoneware",), "dishwasher-safe": True},
    "hearth-casserole": {"material": ("iron",), "dishwasher-safe": False, "induction": True, "care": _HAND},
    "copper-saucepan": {"material": ("copper", "steel"), "dishwasher-safe": False, "induction": False, "care": _HAND},
    "skillet": {"material": ("iron",), "dishwasher-safe": False, "induction": True, "care": _IRON},
    "stovetop-kettle": {"material": ("steel", "beech"), "volume": 2, "dishwasher-safe": False, "induction": True},
    "milk-pan": {"material": ("steel", "beech"), "volume": 1, "dishwasher-safe": False, "induction": True},
    "paddle-board": {"material": ("walnut", "oak"), "width": 24, "dishwasher-safe": False, "care": _OIL},
    "end-grain-block": {"material": ("beech",), "width": 30, "dishwasher-safe": False, "care": _OIL},
    "round-bread-board": {"material": ("ash",), "width": 30, "dishwasher-safe": False, "care": _OIL},
    "marble-pastry-board": {"material": ("marble",), "width": 28, "dishwasher-safe": False, "care": _HAND},
    "chefs-knife": {"material": ("steel", "walnut"), "dishwasher-safe": False, "care": _HAND},
    "three-knives": {"material": ("steel",), "dishwasher-safe": False, "care": _HAND},
    "harbour-rolltop": {
        "material": ("canvas", "leather"),
        "height": 44,
        "volume": 22,
        "weight": 1250,
        "care": _REWAX,
    },
    "school-run-backpack": {"material": ("canvas", "leather"), "height": 38, "weight": 1150, "care": _REWAX},
    "commuter-daypack": {"material": ("canvas",), "height": 40, "weight": 780, "care": _REWAX},
    "two-tone-rolltop": {"material": ("canvas",), "height": 36, "width": 27, "volume": 14, "weight": 980},
    "market-tote": {"material": ("cotton", "leather"), "weight": 620},
    "deck-stripe-tote": {"material": ("cotton",), "height": 32, "width": 46, "weight": 480, "care": _WASH_40},
    "dipped-tote": {"material": ("cotton",), "height": 38, "weight": 540, "care": _WASH_40},
    "allotment-bag": {"material": ("canvas",), "height": 28, "width": 48, "weight": 820, "care": _REWAX},
    "pencil-pouch": {"material": ("cotton",), "width": 22, "weight": 130},
    "leather-wash-bag": {"material": ("leather", "cotton"), "width": 26, "weight": 340},
    "linen-drawstring": {"material": ("linen",), "care": _WASH_60},
    "tool-pouch": {"material": ("canvas",), "width": 17, "weight": 160, "care": _REWAX},
    "terrace-pot": {"material": ("terracotta",)},
    "ribbed-planter": {"material": ("stoneware",), "width": 17},
    "mid-century-stand": {"material": ("stoneware", "oak"), "height": 38, "width": 24},
    "hanging-bowl": {"material": ("stoneware", "cotton")},
    "herb-box": {"material": ("larch",), "width": 46},
    "succulent-dish": {"material": ("stoneware",), "height": 8, "width": 15},
    "hand-trowel": {"material": ("steel", "ash"), "weight": 290},
    "hand-fork": {"material": ("steel", "ash"), "weight": 300},
    "border-set": {"material": ("steel", "ash"), "weight": 860},
    "garden-scissors": {"material": ("steel",), "weight": 140},
    "garden-twine": {"material": ("jute",), "weight": 260},
    "dibber": {"material": ("beech", "steel"), "weight": 380},
    "potting-brush": {"material": ("ash", "coconut"), "weight": 180},
    "long-spout-can": {"material": ("steel", "brass"), "volume": Decimal("1.2")},
    "garden-can": {"material": ("steel", "brass"), "volume": 9},
    "brass-mister": {"material": ("glass", "brass"), "volume": Decimal("0.3")},
}


def _with_origin() -> dict[str, dict[str, Value]]:
    by_vendor = {slug for vendor in editorial.VENDORS for slug in vendor.products}
    brands = {product.slug: product.brand for product in catalogue.PRODUCTS}
    return {
        slug: {**values, "made-in": "germany" if slug in by_vendor else _MADE_IN[brands[slug]]}
        for slug, values in _VALUES.items()
    }


VALUES: dict[str, dict[str, Value]] = _with_origin()
"""By product and attribute: a choice or several by their codes, a number in its unit, an answer, words or a day.

What differs from variant to variant, such as the height of a vase that comes in two, is left out.
"""
