"""The demo shop in German: words beside `demo.catalogue`, keyed by its English slugs and names.

What a word belongs to (prices, pictures, stock, which products a row holds) stays in the catalogue and is said once.
"""

from __future__ import annotations

from demo import catalogue
from demo.german import bags, cosiness, garden, kitchen, living
from demo.german.shapes import CategoryWords, ProductWords
from demo.german.shop import CATEGORIES, COLLECTIONS, HOME, OPTIONS, VALUES

__all__ = [
    "CATEGORIES",
    "COLLECTIONS",
    "HOME",
    "OPTIONS",
    "PRODUCTS",
    "VALUES",
    "CategoryWords",
    "ProductWords",
    "alt_texts",
]

PRODUCTS: dict[str, ProductWords] = {
    **living.LAMPS,
    **living.VASES,
    **living.GIFT_CARDS,
    **living.FILES,
    **cosiness.TEXTILES,
    **cosiness.CANDLES,
    **kitchen.MUGS,
    **kitchen.TABLEWARE,
    **kitchen.COOKWARE,
    **kitchen.BOARDS_AND_KNIVES,
    **bags.BACKPACKS,
    **bags.TOTES,
    **bags.POUCHES,
    **garden.PLANTERS,
    **garden.TOOLS,
    **garden.WATERING,
}


def alt_texts(product: catalogue.Product) -> tuple[str, ...]:
    """What each of the product's pictures shows, in the order of `product.pictures`."""
    shown = PRODUCTS[product.slug].alt
    colours = [
        VALUES["Colour"][name] for option in product.options if option.name == "Colour" for name in option.values
    ]
    return tuple(_alt_text(shown, picture, colours) for picture in product.pictures)


def _alt_text(shown: str, picture: catalogue.Picture, colours: list[str]) -> str:
    tinted = f"{shown}, Farbe {VALUES['Colour'][picture.colour]}" if picture.colour else shown
    match picture.spec.view:
        case "group":
            *first, last = colours[:3]
            return f"{shown}: {', '.join(first)} und {last} nebeneinander"
        case "close":
            return f"{tinted}, aus der Nähe"
        case "angle":
            return f"{tinted}, von schräg oben"
        case _:
            return tinted
