"""The demo shop as plain data: categories, products with variants, pictures to draw, and the home page.

Amounts are euro cents with tax included, weights are grams. Days count from the moment the shop is loaded. What is odd
on purpose carries the word `Odd` in a comment, so that it can be found and explained.
"""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from dataclasses import dataclass, replace

from demo.pictures.spec import PictureSpec

Block = tuple[str, str]
"""("heading", text), ("paragraph", html) or ("quote", text)."""


@dataclass(frozen=True)
class Category:
    slug: str
    title: str
    introduction: str
    picture: PictureSpec
    parent: str | None = None


@dataclass(frozen=True)
class Brand:
    slug: str
    name: str


@dataclass(frozen=True)
class Rule:
    """One condition of a collection. `value` is what `CollectionRule` keeps for its subject."""

    subject: str
    value: dict[str, str | int]


@dataclass(frozen=True)
class Collection:
    """Products put together: by hand, in this order, or by rules, which find them anew each minute.

    `first` are those that a merchandiser pinned to the top of what the rules find.
    """

    slug: str
    name: str
    products: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    first: tuple[str, ...] = ()
    order: str = "newest"


@dataclass(frozen=True)
class Option:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """`options` pairs each option's name with a value; empty when the product comes one way only.

    `sale_minor` holds from `sale_since_days` ago until `sale_days` from now; `tomorrow_minor` is the price from tomorrow.
    After `until_days` it is for sale no more, whatever the product's other variants are.
    """

    sku: str
    options: tuple[tuple[str, str], ...]
    price_minor: int
    weight_grams: int
    stock: int
    sale_minor: int | None = None
    sale_since_days: int = 3
    sale_days: int | None = None
    tomorrow_minor: int | None = None
    until_days: int | None = None
    barcode: str = ""


@dataclass(frozen=True)
class Picture:
    """`colour` names the Colour value the picture shows, where it shows one."""

    spec: PictureSpec
    alt: str
    colour: str | None = None


@dataclass(frozen=True)
class Product:
    """`available_from_days`: not live before then. `published` False: its content is a draft only.

    `german_published` False: its English content is live, and its German is a draft still.
    """

    slug: str
    title: str
    summary: str
    story: tuple[Block, ...]
    categories: tuple[str, ...]
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]
    pictures: tuple[Picture, ...]
    published: bool = True
    available_from_days: int | None = None
    brand: str = ""
    kind: str = "goods"
    tax_class: str = "standard"
    shipping_class: str = "standard"
    german_published: bool = True
    archived: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether shoppers find it from the first day."""
        return self.published and not self.available_from_days and not self.archived


@dataclass(frozen=True)
class ProductRow:
    title: str
    introduction: str
    products: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    hero_title: str
    hero_text: str
    hero_alt: str
    hero_link_title: str
    hero_link_category: str
    first_row: ProductRow
    categories_title: str
    categories: tuple[str, ...]
    second_row: ProductRow
    closing: str
    collection: str
    articles_title: str


SHOP_NAME = "Magpie"
CURRENCY = "EUR"

INKS = {
    "Moss": "#7d8b6a",
    "Rust": "#b5563c",
    "Oat": "#dfd3bb",
    "Ink": "#33455c",
    "Ochre": "#d29a3c",
    "Teal": "#3b666a",
    "Clay": "#c2856a",
    "Chalk": "#ece6da",
    "Charcoal": "#403c3a",
    "Plum": "#70444f",
    "Fir": "#435c4c",
    "Sky": "#93a9b3",
    "Blush": "#d8ab9c",
    "Butter": "#e7cf94",
    "Sand": "#c9b79c",
    "Walnut": "#75502f",
    "Oak": "#c19562",
    "Beech": "#d3ab7b",
    "Ash": "#cdb48c",
    "Olive": "#6f7250",
    "Terracotta": "#bd7350",
    "Brass": "#c9a15a",
    "Copper": "#c27e55",
    "Steel": "#cfcecb",
    "Black": "#2f2c2a",
    "Natural": "#e4d9c1",
    "Honey": "#d9a85a",
    "Stone": "#b8ada0",
    "Amber": "#85511f",
    "Cobalt": "#3c5488",
}


@dataclass(frozen=True)
class _Way:
    """A colour the product comes in: its name, what is in stock per size, and the drawing's colours after the first."""

    name: str
    stock: int | tuple[int, ...]
    accents: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Size:
    name: str
    code: str
    price: int
    grams: int


@dataclass(frozen=True)
class _Deal:
    """What a product's variants share beyond their plain price; each is a share of it in hundredths."""

    sale_percent: int | None = None
    sale_days: int | None = None
    tomorrow_percent: int | None = None


_PLAIN_DEAL = _Deal()


def _hundredths(price: int, percent: int | None) -> int | None:
    return None if percent is None else price * percent // 100 // 10 * 10


def _product(
    slug: str,
    title: str,
    summary: str,
    *,
    sku: str,
    within: tuple[str, ...],
    form: str,
    ways: tuple[_Way, ...],
    price: int = 0,
    grams: int = 0,
    sizes: tuple[_Size, ...] = (),
    look: tuple[tuple[str, float | str], ...] = (),
    alt: str,
    views: tuple[tuple[str, int], ...] = (),
    backdrops: tuple[str, ...],
    story: tuple[Block, ...],
    deal: _Deal = _PLAIN_DEAL,
    published: bool = True,
    available_from_days: int | None = None,
) -> Product:
    """A product whose variants are every colour in every size; one colour and no sizes make one variant."""
    options: list[Option] = []
    if len(ways) > 1:
        options.append(Option("Colour", tuple(way.name for way in ways)))
    if sizes:
        options.append(Option("Size", tuple(size.name for size in sizes)))
    variants = []
    for way in ways:
        for place, size in enumerate(sizes or (_Size("", "", price, grams),)):
            chosen = [("Colour", way.name)] if len(ways) > 1 else []
            chosen += [("Size", size.name)] if sizes else []
            code = "-".join(part for part in (sku, way.name.upper()[:4], size.code) if part)
            stock = way.stock if isinstance(way.stock, int) else way.stock[place]
            variants.append(
                Variant(
                    code,
                    tuple(chosen),
                    size.price,
                    size.grams,
                    stock,
                    sale_minor=_hundredths(size.price, deal.sale_percent),
                    sale_days=deal.sale_days,
                    tomorrow_minor=_hundredths(size.price, deal.tomorrow_percent),
                )
            )
    return Product(
        slug,
        title,
        summary,
        story,
        within,
        tuple(options),
        tuple(variants),
        _pictures(form, ways, look, alt, views or _usual_views(ways), backdrops, seed=sum(map(ord, slug)) % 97),
        published,
        available_from_days,
    )


def _usual_views(ways: tuple[_Way, ...]) -> tuple[tuple[str, int], ...]:
    return ("front", 0), ("front", 1) if len(ways) > 1 else ("close", 0)


def _pictures(
    form: str,
    ways: tuple[_Way, ...],
    look: tuple[tuple[str, float | str], ...],
    alt: str,
    views: tuple[tuple[str, int], ...],
    backdrops: tuple[str, ...],
    seed: int,
) -> tuple[Picture, ...]:
    pictures = []
    for view, place in views:
        way = ways[place]
        colours = (INKS[way.name], *way.accents)
        beside = (
            tuple((INKS[other.name], *other.accents) for other in ways if other is not way) if view == "group" else ()
        )
        spec = PictureSpec(form, colours, look, view, backdrops[place % len(backdrops)], beside[:2], seed)
        named = way.name if len(ways) > 1 and view != "group" else None
        pictures.append(Picture(spec, _alt(alt, view, named, tuple(w.name for w in ways)), named))
    return tuple(pictures)


def _alt(alt: str, view: str, named: str | None, names: tuple[str, ...]) -> str:
    tint = f" in {named.lower()}" if named else ""
    match view:
        case "group":
            return f"{alt}: {', '.join(name.lower() for name in names[:3])} side by side"
        case "close":
            return f"{alt}{tint}, seen close"
        case "angle":
            return f"{alt}{tint}, from the side and above"
        case _:
            return f"{alt}{tint}"


def _h(text: str) -> Block:
    return "heading", text


def _p(html: str) -> Block:
    return "paragraph", f"<p>{html}</p>"


def _q(text: str) -> Block:
    return "quote", text


def _spec(
    form: str,
    colours: tuple[str, ...],
    backdrop: str,
    *beside: tuple[str, ...],
    view: str = "front",
    **look: float | str,
) -> PictureSpec:
    return PictureSpec(form, colours, tuple(look.items()), view, backdrop, beside, 5)


BRANDS: tuple[Brand, ...] = (
    Brand("lanternfold", "Lanternfold"),
    Brand("kilnside", "Kilnside"),
    Brand("loomward", "Loomward"),
    Brand("waxwing", "Waxwing"),
    Brand("ironroot", "Ironroot"),
    Brand("whetstead", "Whetstead"),
    Brand("saltmarsh", "Saltmarsh"),
    Brand("hedgerow-works", "Hedgerow Works"),
    Brand("magpie", "Magpie"),
)

CATEGORIES: tuple[Category, ...] = (
    Category(
        "home",
        "Home",
        "<p>Light, clay and cloth for rooms that are lived in. Made in small runs, meant to be handed on.</p>",
        _spec("table lamp", ("#c2856a", "#f0e4cb"), "oat", shape="gourd"),
    ),
    Category(
        "kitchen",
        "Kitchen",
        "<p>Pots that go from hob to table and boards that get better with every loaf.</p>",
        _spec("pot", ("#3b666a", "#efe8da"), "clay"),
    ),
    Category(
        "bags",
        "Bags",
        "<p>Waxed canvas, vegetable-tanned leather and zips that can be replaced.</p>",
        _spec("backpack", ("#6f7250", "#8a5a34"), "sand", top="roll"),
    ),
    Category(
        "garden",
        "Garden",
        "<p>Tools with some weight to them, and pots for the things that grow.</p>",
        _spec("watering can", ("#435c4c", "#c9a15a"), "sage", kind="garden"),
    ),
    Category(
        "lamps",
        "Lamps",
        "<p>Table lamps, reading lamps and pendants, all with warm, dimmable bulbs in the box.</p>",
        _spec("mushroom lamp", ("#d29a3c",), "oat"),
        "home",
    ),
    Category(
        "vases",
        "Vases",
        "<p>From a single stem to a whole hedge. Every vase is watertight and stands without help.</p>",
        _spec("vase", ("#7d8b6a", "#efe6d6"), "sand", shape="belly", pattern="dip", finish="glaze"),
        "home",
    ),
    Category(
        "textiles",
        "Textiles",
        "<p>Wool, linen and cotton, woven rather than printed.</p>",
        _spec("blanket", ("#c9b79c", "#efe6d6", "#8a5a34"), "blush", pattern="bands"),
        "home",
    ),
    Category(
        "candles",
        "Candles",
        "<p>Beeswax and rapeseed wax with cotton wicks. They burn slowly and do not drip in still air.</p>",
        _spec("tapers", ("#b5563c", "#e7cf94", "#7d8b6a"), "oat"),
        "home",
    ),
    Category(
        "mugs-and-cups",
        "Mugs & cups",
        "<p>Thrown and cast stoneware for the first coffee and the last tea.</p>",
        _spec("mug", ("#c2856a", "#4a372b"), "oat", pattern="speckle"),
        "kitchen",
    ),
    Category(
        "bowls-and-plates",
        "Bowls & plates",
        "<p>Tableware that stacks, mixes and survives the dishwasher.</p>",
        _spec("bowls", ("#dfd3bb", "#c2856a", "#7d8b6a"), "sand"),
        "kitchen",
    ),
    Category(
        "pots-and-pans",
        "Pots & pans",
        "<p>Enamel, iron and copper: a few good pieces instead of a full cupboard.</p>",
        _spec("saucepan", ("#c27e55", "#d9d6d0"), "clay", skin="copper"),
        "kitchen",
    ),
    Category(
        "boards-and-knives",
        "Boards & knives",
        "<p>Forged steel and oiled hardwood. We sharpen our knives for free, for as long as you have them.</p>",
        _spec("board", ("#75502f", "#4d3119"), "mist", shape="paddle"),
        "kitchen",
    ),
    Category(
        "backpacks",
        "Backpacks",
        "<p>Day bags that keep out an hour of rain and look right at a desk.</p>",
        _spec("backpack", ("#33455c", "#8a5a34"), "mist", top="flap"),
        "bags",
    ),
    Category(
        "totes",
        "Totes",
        "<p>For books, bread and leeks. Handles long enough for a winter coat.</p>",
        _spec("tote", ("#e4d9c1", "#8a5a34"), "clay"),
        "bags",
    ),
    Category(
        "pouches",
        "Pouches",
        "<p>Small bags that bring order to the big ones.</p>",
        _spec("pouch", ("#d29a3c", "#5b3a29"), "blush", line=0.35),
        "bags",
    ),
    Category(
        "planters",
        "Planters",
        "<p>Frost-proof pots for the doorstep and finer ones for the window sill. Plants in the pictures are not included.</p>",
        _spec("planter", ("#bd7350",), "mist", saucer=1, plant="rubber"),
        "garden",
    ),
    Category(
        "tools",
        "Tools",
        "<p>Stainless blades, ash handles, and a rivet where others use glue.</p>",
        _spec("hand tools", ("#cdb48c",), "oat", kind="set"),
        "garden",
    ),
    Category(
        "watering",
        "Watering",
        "<p>Cans that pour where you point them, and a mister for everything that likes it humid.</p>",
        _spec("mister", ("#85511f",), "sand"),
        "garden",
    ),
    Category(
        "gift-cards",
        "Gift cards",
        "<p>For those who like to choose for themselves. Sent by e-mail, spent all at once or bit by bit.</p>",
        _spec("gift card", ("#b5563c", "#ece6da", "#c9a679"), "sand"),
        "home",
    ),
)


_LAMPS = (
    _product(
        "gourd-table-lamp",
        "Gourd table lamp",
        "A hand-thrown stoneware lamp with a linen shade.",
        sku="LMP-GRD",
        within=("lamps",),
        form="table lamp",
        price=16900,
        grams=3400,
        ways=(_Way("Clay", 14, ("#f0e4cb",)), _Way("Moss", 9, ("#f0e4cb",)), _Way("Chalk", 2, ("#e8d9bd",))),
        look=(("shape", "gourd"),),
        backdrops=("oat", "sand", "clay"),
        alt="Stoneware table lamp shaped like a gourd",
        views=(("front", 0), ("front", 1), ("group", 0)),
        story=(
            _p(
                "Two bellies, thrown in one piece and pressed lightly at the waist while the clay is still soft. The matt slip keeps the finger marks, so each base is a little different."
            ),
            _h("The shade"),
            _p(
                "Undyed linen on a steel ring, sewn rather than glued. It turns a bright bulb into something you can read by without squinting."
            ),
            _p("Comes with a dimmable 6-watt bulb (2700 K), a 1.8 m cloth flex and a switch you can find in the dark."),
        ),
    ),
    _product(
        "dune-mushroom-lamp",
        "Dune mushroom lamp",
        "A glazed dome on a flared foot, for a low warm pool of light.",
        sku="LMP-DUN",
        within=("lamps",),
        form="mushroom lamp",
        price=12900,
        grams=1900,
        ways=(_Way("Ochre", 22), _Way("Rust", 17), _Way("Chalk", 31)),
        backdrops=("sand", "oat", "blush"),
        alt="Mushroom-shaped table lamp with a glossy dome",
        views=(("front", 0), ("front", 1), ("group", 0)),
        story=(
            _p(
                "The dome hides the bulb completely from where you sit. What you see is a lit column and a circle on the table, which is about as much light as a late dinner needs."
            ),
            _q("Small enough for a bookshelf, heavy enough for a cat."),
            _p("Powder-coated steel, gloss outside and warm white within. The dimmer sits on the flex."),
        ),
    ),
    _product(
        "heron-reading-lamp",
        "Heron reading lamp",
        "A bent brass arm and a shade that turns to the page.",
        sku="LMP-HRN",
        within=("lamps",),
        form="task lamp",
        price=14900,
        grams=2800,
        ways=(_Way("Fir", 12, ("#c9a15a",)), _Way("Charcoal", 19, ("#c9a15a",))),
        backdrops=("oat", "mist"),
        alt="Reading lamp with a curved brass arm and a cone shade",
        story=(
            _p(
                "The arm is one length of solid brass rod, bent cold over a former and left unlacquered. It will darken where you touch it and stay bright where you do not."
            ),
            _h("Where it points"),
            _p(
                "The shade turns through 300 degrees and stays put: there is a felt washer in the joint that you can tighten with a coin."
            ),
        ),
    ),
    _product(
        "spindle-lamp",
        "Spindle lamp",
        "Turned oak and a pleated cotton shade.",
        sku="LMP-SPN",
        within=("lamps",),
        form="table lamp",
        price=11900,
        grams=1600,
        ways=(_Way("Oak", 16, ("#efe3cb",)), _Way("Walnut", 8, ("#ead9bb",))),
        look=(("shape", "turned"), ("finish", "wood"), ("pleats", 40)),
        backdrops=("sage", "clay"),
        alt="Table lamp with a turned wooden foot and a pleated shade",
        story=(
            _p(
                "Turned from a single billet on a copying lathe older than anyone who works there, then sanded by hand and oiled twice."
            ),
            _p(
                "Forty pleats, pressed into the cotton with steam. They flatten for shipping and spring back when you open the box."
            ),
        ),
    ),
    # Odd: on sale, the sale ends by itself in 9 days.
    _product(
        "halo-pendant",
        "Halo pendant",
        "A spun steel dome, enamelled outside, warm white within.",
        sku="LMP-HAL",
        within=("lamps",),
        form="pendant",
        deal=_Deal(sale_percent=80, sale_days=9),
        sizes=(_Size("30 cm", "30", 9900, 1200), _Size("45 cm", "45", 14900, 2300)),
        ways=(_Way("Rust", (20, 11)), _Way("Fir", (18, 7)), _Way("Chalk", (26, 15))),
        look=(("shape", "dome"),),
        backdrops=("clay", "sage", "oat"),
        alt="Dome pendant lamp on a black cord",
        views=(("front", 0), ("front", 1), ("front", 2)),
        story=(
            _p(
                "Spun over a wooden form from one disc of steel: no seam, no ridge. Over the end of a table it throws a circle about as wide as it hangs high."
            ),
            _h("Hanging it"),
            _p(
                "Two metres of cloth-covered cord, a brass grip that locks the length, and a ceiling cup that hides an off-centre outlet."
            ),
        ),
    ),
    _product(
        "lantern-paper-pendant",
        "Lantern paper pendant",
        "A ribbed globe of mulberry paper that lights a whole room softly.",
        sku="LMP-LAN",
        within=("lamps",),
        form="pendant",
        price=5900,
        grams=450,
        ways=(_Way("Chalk", 44),),
        look=(("shape", "globe"), ("finish", "paper"), ("ribs", 16), ("width", 46)),
        backdrops=("blush",),
        alt="Round ribbed paper pendant lamp",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Long-fibred mulberry paper over a spiral of split bamboo. It arrives flat; you open it, hook in the wire frame, and it is a lamp."
            ),
            _p(
                "Dust it with a soft brush twice a year. Small tears can be mended from inside with a drop of starch paste and a strip of the spare paper in the box."
            ),
        ),
    ),
)

_VASES = (
    _product(
        "tideline-vase",
        "Tideline vase",
        "Two glazes that meet at the waterline.",
        sku="VAS-TID",
        within=("vases",),
        form="vase",
        sizes=(_Size("18 cm", "S", 4500, 900), _Size("26 cm", "L", 6900, 1700)),
        ways=(
            _Way("Moss", (18, 12), ("#efe6d6",)),
            _Way("Teal", (15, 3), ("#efe6d6",)),
            _Way("Clay", (21, 16), ("#f0e7d8",)),
        ),
        look=(("shape", "belly"), ("pattern", "dip"), ("finish", "glaze")),
        backdrops=("sand", "blush", "oat"),
        alt="Round-bellied vase dipped in two glazes",
        views=(("front", 0), ("front", 1), ("group", 0)),
        story=(
            _p(
                "Dipped once by the foot and once by the neck. Where the glazes touch, the kiln draws a line that nobody quite controls."
            ),
            _p("The narrow collar gathers a loose bunch from the garden so that it looks arranged."),
        ),
    ),
    # Odd: every piece is sold out; the page stays.
    _product(
        "moon-jar",
        "Moon jar",
        "A full white sphere, fired once a year.",
        sku="VAS-MOO",
        within=("vases",),
        form="vase",
        price=18900,
        grams=3100,
        ways=(_Way("Chalk", 0),),
        look=(("shape", "moon"), ("finish", "satin"), ("height", 30)),
        backdrops=("clay",),
        alt="Large round moon jar with a small mouth",
        views=(("front", 0), ("angle", 0)),
        story=(
            _p(
                "Thrown as two bowls and joined at the equator while still wet. If you look along the side you can find the seam, and the slight lean that comes with it."
            ),
            _q("It is finished when it has stopped trying to be round."),
            _p(
                "The wood kiln is fired once, in October. When a year's jars are gone, the next ones are still a hill of clay."
            ),
        ),
    ),
    _product(
        "reed-bud-vase",
        "Reed bud vase",
        "A slim neck for one stem.",
        sku="VAS-REE",
        within=("vases",),
        form="vase",
        price=2400,
        grams=320,
        ways=(_Way("Ochre", 40), _Way("Plum", 28), _Way("Sky", 33)),
        look=(("shape", "bud"), ("finish", "glaze"), ("height", 15)),
        backdrops=("oat", "sand", "mist"),
        alt="Small bud vase with a slim neck",
        views=(("front", 0), ("group", 0)),
        story=(
            _p(
                "One tulip, one sprig of rosemary, the one rose that survived the rain. Put three in a row on a sill and you have something to look at all winter."
            ),
            _p("Cast porcelain, glazed inside and out. The neck takes stems up to 9 mm."),
        ),
    ),
    _product(
        "fluted-column-vase",
        "Fluted column vase",
        "Straight sides, twenty-four flutes, room for long stems.",
        sku="VAS-COL",
        within=("vases",),
        form="vase",
        price=5400,
        grams=1500,
        ways=(_Way("Blush", 19), _Way("Fir", 13)),
        look=(("shape", "column"), ("ribs", 24), ("finish", "satin"), ("height", 30)),
        backdrops=("sage", "oat"),
        alt="Tall fluted vase",
        story=(
            _p(
                "The flutes are cut by hand with a loop of wire, one after another, once the clay is as firm as cheese. They catch light from one side and shadow from the other."
            ),
            _p("A heavy base: branches of blossom or eucalyptus will not tip it."),
        ),
    ),
    _product(
        "brushstroke-bottle",
        "Brushstroke bottle",
        "A tall bottle with one broad band of slip.",
        sku="VAS-BRU",
        within=("vases",),
        form="vase",
        price=7200,
        grams=1400,
        ways=(_Way("Oat", 11, ("#4b5d6b",)), _Way("Charcoal", 10, ("#e4d9c1",))),
        look=(("shape", "bottle"), ("pattern", "brush"), ("line", 0.34), ("finish", "matt"), ("height", 32)),
        backdrops=("clay", "sand"),
        alt="Tall bottle vase with a painted band",
        story=(
            _p(
                "The band goes on in a single turn of the wheel with a coarse hake brush. Streaks, skips and the place where the brush lifts all stay."
            ),
            _p("Unglazed outside and lightly rough, like a pebble. Inside it is glazed and holds water."),
        ),
    ),
    _product(
        "garden-jug",
        "Garden jug",
        "A speckled pouring jug that is a vase on Sundays.",
        sku="VAS-JUG",
        within=("vases", "bowls-and-plates"),
        form="jug",
        price=4800,
        grams=1100,
        ways=(_Way("Oat", 24, ("#5b4636",)), _Way("Sky", 20, ("#3b3a38",))),
        look=(("pattern", "speckle"), ("finish", "satin")),
        backdrops=("blush", "oat"),
        alt="Speckled stoneware jug with a handle",
        story=(
            _p(
                "Holds 1.4 litres. The lip is pulled with one finger, and it cuts off the last drop properly: we tested it on white tablecloths."
            ),
            _p("Iron in the clay melts through the glaze as fine dark speckles. No two sides are alike."),
        ),
    ),
    # Odd: a draft only, its content has never been published.
    _product(
        "amphora-vase",
        "Amphora vase",
        "A broad-shouldered vase with a reactive glaze.",
        sku="VAS-AMP",
        within=("vases",),
        form="vase",
        price=9800,
        grams=2200,
        ways=(_Way("Teal", 8, ("#c9b58a",)),),
        look=(("shape", "amphora"), ("pattern", "reactive"), ("finish", "glaze"), ("height", 32)),
        backdrops=("sand",),
        alt="Amphora-shaped vase with a running glaze",
        views=(("front", 0), ("close", 0)),
        published=False,
        story=(
            _p(
                "Copper and rutile run down from the shoulder and stop where the wall turns under. The potter sends photographs from each firing; we choose together."
            ),
            _p("First pieces expected from the autumn firing."),
        ),
    ),
)

_TEXTILES = (
    _product(
        "windowpane-cushion",
        "Windowpane cushion",
        "A wide check in heavy linen, with a feather filling.",
        sku="TEX-WIN",
        within=("textiles",),
        form="cushion",
        price=5900,
        grams=950,
        ways=(_Way("Rust", 26, ("#efe6d6",)), _Way("Ink", 22, ("#efe6d6",)), _Way("Oat", 18, ("#7a6a55", "#7a6a55"))),
        look=(("pattern", "windowpane"), ("count", 5)),
        backdrops=("oat", "sand", "sage"),
        alt="Square linen cushion with a windowpane check",
        views=(("front", 0), ("front", 1), ("front", 2)),
        story=(
            _p(
                "The lines are woven in, so the check looks the same on the back. Linen of this weight feels crisp for a month and then never again."
            ),
            _p("Cover and filling come together. The cover has a hidden zip and washes at 40 degrees; 45 × 45 cm."),
        ),
    ),
    _product(
        "lattice-cushion",
        "Lattice cushion",
        "Diamonds in wool on a cotton ground, fringed by hand.",
        sku="TEX-LAT",
        within=("textiles",),
        form="cushion",
        price=7400,
        grams=1050,
        ways=(_Way("Ochre", 15, ("#f1e7d3", "#8c5a30")), _Way("Moss", 12, ("#f1e7d3", "#46523c"))),
        look=(("pattern", "diamond"), ("count", 6), ("trim", "fringe")),
        backdrops=("clay", "blush"),
        alt="Cushion with a woven diamond pattern and fringe",
        story=(
            _p(
                "A supplementary weft floats over the ground cloth to draw the diamonds, which is why they stand up a little from the surface."
            ),
            _p("The fringe is the warp itself, knotted off instead of cut. Shake it, do not comb it."),
        ),
    ),
    _product(
        "ticking-bolster",
        "Ticking lumbar cushion",
        "A long cushion in striped mattress cotton.",
        sku="TEX-TIC",
        within=("textiles",),
        form="cushion",
        price=4900,
        grams=800,
        ways=(_Way("Chalk", 30, ("#4b5d6b",)), _Way("Natural", 27, ("#a8553d",))),
        look=(("pattern", "stripes"), ("count", 13), ("width", 62), ("height", 38)),
        backdrops=("sand", "mist"),
        alt="Long striped cushion",
        story=(
            _p("Ticking was woven tight to keep feathers in. It still does, and it takes decades of being leaned on."),
            _p("40 × 60 cm, piped in its own stripe."),
        ),
    ),
    # Odd: on sale, the sale ends by itself in 4 days.
    _product(
        "shoreline-blanket",
        "Shoreline blanket",
        "Undyed lambswool with banded ends and a twisted fringe.",
        sku="TEX-SHO",
        within=("textiles",),
        form="blanket",
        price=13900,
        grams=1450,
        deal=_Deal(sale_percent=75, sale_days=4),
        ways=(_Way("Sand", 17, ("#f0e8da", "#7a5638")), _Way("Sky", 13, ("#f0e8da", "#33455c"))),
        look=(("pattern", "bands"),),
        backdrops=("blush", "oat"),
        alt="Folded wool blanket with bands and fringe",
        story=(
            _p(
                "The sand, the cream and the brown are the colours of three flocks. Nothing is dyed; only the sky-blue one has met a vat."
            ),
            _h("Care"),
            _p(
                "Air it on a damp morning instead of washing it. When you must, cold water and wool soap, and dry it flat. 140 × 190 cm."
            ),
        ),
    ),
    _product(
        "herringbone-throw",
        "Herringbone throw",
        "A light throw for the arm of a chair.",
        sku="TEX-HER",
        within=("textiles",),
        form="blanket",
        price=8900,
        grams=820,
        ways=(_Way("Moss", 21, ("#e8e0cd",)), _Way("Plum", 16, ("#e3cfc6",))),
        look=(("pattern", "herringbone"), ("count", 7), ("layers", 3), ("thick", 3.6)),
        backdrops=("sand", "oat"),
        alt="Folded herringbone throw",
        story=(
            _p("Half recycled wool, half new. The zigzag hides crumbs, dog hair and the first years of wear."),
            _p("130 × 170 cm, light enough to take along on a train."),
        ),
    ),
    _product(
        "bakers-tea-towels",
        "Baker's tea towels",
        "Three heavy linen towels, each with its own band.",
        sku="TEX-TEA",
        within=("textiles", "bowls-and-plates"),
        form="towels",
        price=3400,
        grams=390,
        ways=(_Way("Natural", 48, ("#8a9a86", "#c2856a")),),
        look=(("pattern", "bands"),),
        backdrops=("clay",),
        alt="Stack of three folded linen tea towels with bands",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Big enough (50 × 75 cm) to cover a proving bowl, dense enough to leave no fluff on glasses, with a loop at the corner that takes a hook."
            ),
            _p("They shrink a thumb's width in the first wash and are then done with it."),
        ),
    ),
)

_CANDLES = (
    _product(
        "beeswax-pillar",
        "Beeswax pillar",
        "Rolled from a sheet of comb wax, by hand.",
        sku="CDL-BEE",
        within=("candles",),
        form="pillar",
        ways=(_Way("Honey", (36, 24, 2)),),
        sizes=(_Size("8 cm", "08", 1400, 190), _Size("13 cm", "13", 1900, 310), _Size("20 cm", "20", 2700, 480)),
        look=(("cut", "comb"),),
        backdrops=("oat",),
        alt="Honeycomb-textured beeswax pillar candle",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "The honeycomb is not a decoration: it is the foundation sheet beekeepers hang in a hive, warmed and rolled round a wick."
            ),
            _p("Burns for about an hour per centimetre and smells faintly of August."),
        ),
    ),
    _product(
        "three-hills-candles",
        "Three hills",
        "A set of three plain pillars in three heights.",
        sku="CDL-HIL",
        within=("candles",),
        form="pillar",
        price=3200,
        grams=1200,
        ways=(_Way("Butter", 20, ("#c2856a", "#7d8b6a")), _Way("Chalk", 25, ("#cfc4b0", "#a99c87"))),
        look=(("count_of", 3), ("width", 3.8)),
        backdrops=("blush", "sage"),
        alt="Three pillar candles of different heights",
        story=(
            _p(
                "Rapeseed wax, coloured through, so they stay the same shade as they burn down. Set them on a plate and let them become a landscape."
            ),
            _p("Six, nine and thirteen centimetres; together about 75 hours."),
        ),
    ),
    _product(
        "twist-tapers",
        "Twisted tapers",
        "Three slim candles, turned while warm. Holders in brass.",
        sku="CDL-TWI",
        within=("candles",),
        form="tapers",
        price=3900,
        grams=860,
        ways=(_Way("Rust", 18, ("#e7cf94", "#7d8b6a")), _Way("Sky", 14, ("#ece6da", "#33455c"))),
        look=(("cut", "twist"),),
        backdrops=("sand", "oat"),
        alt="Three twisted taper candles in brass holders",
        story=(
            _p(
                "Straight candles are laid in warm water until they bend, then twisted by hand, both ends at once. Ask to see it done: it takes nine seconds."
            ),
            _p("The holders are cast brass with felt feet and fit any standard taper (22 mm)."),
        ),
    ),
    _product(
        "quiet-hour-candle",
        "Quiet hour",
        "Cedar, black tea and a little smoke, in a cup to keep.",
        sku="CDL-QUI",
        within=("candles",),
        form="jar candle",
        price=2900,
        grams=520,
        ways=(_Way("Sand", 34), _Way("Charcoal", 29)),
        look=(("finish", "satin"),),
        backdrops=("mist", "sand"),
        alt="Scented candle in a stoneware cup with a paper label",
        story=(
            _p(
                "Scent at a level where guests ask whether you have been burning something nice rather than what it is."
            ),
            _h("Afterwards"),
            _p(
                "Freeze the empty cup for an hour, knock out the last wax, peel the label under warm water. It makes a good pen pot."
            ),
        ),
    ),
    _product(
        "travel-tin-candle",
        "Travel tin",
        "Fig leaf and salt in a lidded brass tin.",
        sku="CDL-TIN",
        within=("candles",),
        form="tin candle",
        price=1800,
        grams=210,
        ways=(_Way("Brass", 58, ("#f1e6cf",)),),
        backdrops=("clay",),
        alt="Candle in a brass tin with its lid beside it",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "For hotel rooms that smell of carpet. The lid closes tight enough to put it out and to pack it while the wax is still soft."
            ),
            _p("Burns for 25 hours; the tin can be refilled in the shop."),
        ),
    ),
    # Odd: not yet live, it goes on sale in 14 days.
    _product(
        "harvest-dinner-candles",
        "Harvest dinner candles",
        "Seven dipped candles tied with hemp, for long tables.",
        sku="CDL-HAR",
        within=("candles",),
        form="dinner candles",
        price=2600,
        grams=640,
        ways=(_Way("Rust", 40, ("#d29a3c", "#e9d8b0")), _Way("Natural", 40, ("#d8c7a8", "#b9a98c"))),
        backdrops=("oat", "sage"),
        alt="Bundle of seven dipped candles tied with cord",
        views=(("front", 0), ("front", 1)),
        available_from_days=14,
        story=(
            _p(
                "Dipped thirty times in shrinking pots of colour, then hung in a barn to harden. The tips keep the drop from the last dip."
            ),
            _p("About nine hours each. Made once a year, when the rapeseed has been pressed."),
        ),
    ),
)

_MUGS = (
    _product(
        "morning-mug",
        "Morning mug",
        "Speckled stoneware, thrown thin, with a handle for three fingers.",
        sku="MUG-MOR",
        within=("mugs-and-cups",),
        form="mug",
        price=2200,
        grams=340,
        ways=(
            _Way("Clay", 52, ("#4a372b",)),
            _Way("Oat", 46, ("#5b4636",)),
            _Way("Moss", 38, ("#3a3a2c",)),
            _Way("Ink", 1, ("#dfe3e6",)),
        ),
        look=(("pattern", "speckle"), ("shape", "straight")),
        backdrops=("oat", "sand", "blush"),
        alt="Speckled stoneware mug",
        views=(("front", 0), ("front", 1), ("group", 0)),
        story=(
            _p(
                "Holds 330 ml, which is one proper coffee with room to carry it across a room. The wall is thrown down to three millimetres so that the rim disappears while you drink."
            ),
            _p("The handle is pulled, not cast, and sits a little high, where the weight is."),
            _q("The one you reach past the others for."),
        ),
    ),
    _product(
        "half-dipped-mug",
        "Half-dipped mug",
        "Bare clay below, glossy glaze above.",
        sku="MUG-DIP",
        within=("mugs-and-cups",),
        form="mug",
        price=2400,
        grams=360,
        # Odd: one colour can be ordered before it is there.
        ways=(_Way("Teal", 33, ("#d9c4a8",)), _Way("Ochre", 0, ("#d9c4a8",))),
        look=(("pattern", "dip"), ("line", 0.40), ("shape", "round")),
        backdrops=("clay", "sage"),
        alt="Round mug with glaze on its upper half",
        story=(
            _p(
                "The lower half is left raw, burnished with the back of a spoon until it feels like a river stone. It keeps your grip and insulates a little."
            ),
            _p("Dishwasher-safe; the raw clay darkens with tea, and a paste of baking soda takes it back."),
        ),
    ),
    _product(
        "footed-cup",
        "Footed cup",
        "A wide cup on a small foot, for milky things.",
        sku="MUG-FOO",
        within=("mugs-and-cups",),
        form="mug",
        price=2600,
        grams=300,
        ways=(_Way("Blush", 24, ("#efe6d6", "#f0e6da")), _Way("Sky", 26, ("#efe6d6", "#eef0ee"))),
        look=(("shape", "foot"), ("height", 7.5), ("width", 1.35), ("loop", 0.34)),
        backdrops=("sage", "oat"),
        alt="Wide cup on a narrow foot with a pale inside",
        story=(
            _p(
                "The foot is trimmed on the wheel and left unglazed at the ring. The bowl above is wide enough to see a drawing in the foam, and to dunk without breaking anything."
            ),
            _p("280 ml. Stacks in twos, not in threes."),
        ),
    ),
    _product(
        "espresso-beakers",
        "Espresso beaker",
        "A small beaker without a handle, for short strong coffee.",
        sku="MUG-ESP",
        within=("mugs-and-cups",),
        form="mug",
        price=1400,
        grams=140,
        ways=(_Way("Rust", 60, ("#3b2a22",)), _Way("Chalk", 54, ("#6b5a48",)), _Way("Charcoal", 41, ("#c9b79c",))),
        look=(("shape", "taper"), ("height", 6.5), ("handle", 0), ("pattern", "speckle"), ("finish", "satin")),
        backdrops=("sand", "clay", "mist"),
        alt="Small handleless espresso beaker",
        views=(("front", 0), ("group", 0)),
        story=(
            _p(
                "Ninety millilitres, thick at the base to hold the heat, thin at the lip. It fits under any machine and between any two fingers."
            ),
            _p("Rinse it warm before you pour; the coffee will thank you."),
        ),
    ),
    _product(
        "striped-mug",
        "Harbour stripe mug",
        "Hand-banded stripes that wander a little.",
        sku="MUG-STR",
        within=("mugs-and-cups",),
        form="mug",
        price=2300,
        grams=350,
        ways=(_Way("Chalk", 30, ("#3c5488",)), _Way("Butter", 23, ("#b5563c",))),
        look=(("pattern", "stripes"), ("count", 7)),
        backdrops=("blush", "mist"),
        alt="Mug with hand-painted horizontal stripes",
        story=(
            _p(
                "The mug turns, the brush stays still, and for seven breaths nobody in the studio talks. Where a stripe starts and ends, you can see the overlap."
            ),
            _p("Painted under the glaze: it will outlast the handle. 350 ml."),
        ),
    ),
)

_TABLEWARE = (
    _product(
        "nesting-bowls",
        "Nesting bowls",
        "Three bowls that live inside each other.",
        sku="BWL-NES",
        within=("bowls-and-plates",),
        form="bowls",
        price=6400,
        grams=1900,
        ways=(_Way("Oat", 17, ("#c2856a", "#7d8b6a")), _Way("Chalk", 14, ("#93a9b3", "#33455c"))),
        backdrops=("sand", "oat"),
        alt="Set of three nested stoneware bowls",
        story=(
            _p(
                "The large one tosses a salad for four, the middle one proves a loaf, the small one is for whatever is left. Nested they take up the space of one."
            ),
            _p("Stoneware, glazed all over but for the foot ring. Oven-proof to 220 degrees."),
        ),
    ),
    _product(
        "ramen-bowl",
        "Deep noodle bowl",
        "High-walled, so the broth stays hot to the end.",
        sku="BWL-NOO",
        within=("bowls-and-plates",),
        form="bowl",
        price=2800,
        grams=680,
        ways=(_Way("Teal", 28), _Way("Rust", 25), _Way("Charcoal", 20)),
        look=(("width", 18), ("height", 9)),
        backdrops=("blush", "sand", "clay"),
        alt="Deep glazed noodle bowl",
        views=(("front", 0), ("front", 1), ("group", 0)),
        story=(
            _p(
                "A litre to the brim, 700 ml as you would fill it. The foot is tall enough to carry the bowl without burning your fingers."
            ),
            _p("The glaze pools a little darker at the bottom, where you find it last."),
        ),
    ),
    _product(
        "rimmed-plates",
        "Rimmed plate",
        "An everyday plate with a bare clay rim.",
        sku="PLT-RIM",
        within=("bowls-and-plates",),
        form="plates",
        sizes=(_Size("21 cm", "21", 1900, 480), _Size("27 cm", "27", 2600, 760)),
        ways=(_Way("Chalk", (48, 44), ("#b07a5a",)), _Way("Moss", (31, 22), ("#c9b48c",))),
        look=(("count", 4),),
        backdrops=("mist", "oat"),
        alt="Stack of stoneware plates with a bare rim",
        story=(
            _p(
                "The rim is wiped clean of glaze with a wet sponge before firing, one plate after the other, which leaves a line of warm clay to frame the food."
            ),
            _p("Flat where you cut, raised where sauce would run. Sold singly, so that a set can grow and heal."),
        ),
    ),
    _product(
        "serving-bowl",
        "Furrow serving bowl",
        "A wide low bowl with a speckled glaze.",
        sku="BWL-SER",
        within=("bowls-and-plates",),
        form="bowl",
        price=4600,
        grams=1350,
        ways=(_Way("Oat", 15, ("#5b4636",)), _Way("Sky", 9, ("#3b3a38",))),
        look=(("width", 28), ("height", 9), ("pattern", "speckle"), ("finish", "satin")),
        backdrops=("clay", "sand"),
        alt="Wide speckled serving bowl",
        story=(
            _p("Twenty-eight centimetres across and low enough to see over. Pasta, pears, or the post."),
            _p(
                "The spiral left by the thumb when the bowl was opened on the wheel is still there; you will feel it when you wash up."
            ),
        ),
    ),
)

_COOKWARE = (
    _product(
        "hearth-casserole",
        "Hearth casserole",
        "Enamelled cast iron with a lid that returns the steam.",
        sku="POT-HEA",
        within=("pots-and-pans",),
        form="pot",
        sizes=(_Size("4 l", "4L", 14900, 4600), _Size("6 l", "6L", 18900, 6100)),
        ways=(
            _Way("Teal", (18, 12), ("#efe8da",)),
            _Way("Rust", (16, 8), ("#efe8da",)),
            _Way("Chalk", (14, 2), ("#efe8da",)),
        ),
        backdrops=("clay", "sand", "sage"),
        alt="Enamelled casserole with a brass knob",
        views=(("front", 0), ("front", 1), ("close", 0)),
        story=(
            _p(
                "Cast in sand, so each mould is used once and broken. Three coats of enamel go on top, the last one pale inside so that you can see what the onions are doing."
            ),
            _h("Why it is heavy"),
            _p(
                "Iron takes its time to warm and then will not be hurried. Beans, braises, bread: everything that likes an even heat likes it."
            ),
            _p("All hobs, including induction, and ovens to 250 degrees."),
        ),
    ),
    _product(
        "copper-saucepan",
        "Copper saucepan",
        "Two millimetres of copper, lined with steel.",
        sku="POT-COP",
        within=("pots-and-pans",),
        form="saucepan",
        sizes=(_Size("1.2 l", "12", 12900, 1200), _Size("2 l", "20", 15900, 1700)),
        ways=(_Way("Copper", (16, 3), ("#d3d2ce",)),),
        look=(("skin", "copper"),),
        backdrops=("blush",),
        alt="Copper saucepan with a wooden handle",
        views=(("front", 0), ("angle", 0), ("close", 0)),
        story=(
            _p(
                "Copper answers within seconds when you turn the flame down, which is the difference between a custard and scrambled eggs."
            ),
            _p("Polish it with half a lemon and salt, or let it go brown. It cooks the same."),
        ),
    ),
    _product(
        "skillet",
        "Forge skillet",
        "Spun iron, pre-seasoned, lighter than it looks.",
        sku="POT-SKI",
        within=("pots-and-pans",),
        form="saucepan",
        sizes=(_Size("24 cm", "24", 6900, 1500), _Size("28 cm", "28", 8400, 1900)),
        ways=(_Way("Black", (34, 27), ("#34302d",)),),
        look=(("skin", "iron"), ("width", 12.5), ("height", 4.2), ("flare", 1.2), ("grip", "iron"), ("handle", 1.5)),
        backdrops=("oat",),
        alt="Black iron frying pan",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Spun from sheet rather than cast, at half the weight, and baked with flaxseed oil until it turns black. Fry something fatty in it first; after that it fries anything."
            ),
            _p("No soap, no soaking. A pan like this is finished by its owner."),
        ),
    ),
    _product(
        "stovetop-kettle",
        "Stovetop kettle",
        "Enamelled steel with an arched beech handle.",
        sku="POT-KET",
        within=("pots-and-pans",),
        form="kettle",
        price=7900,
        grams=1300,
        ways=(_Way("Oat", 19), _Way("Fir", 16), _Way("Rust", 11)),
        backdrops=("sage", "oat", "sand"),
        alt="Enamel kettle with a wooden handle",
        views=(("front", 0), ("front", 1), ("close", 0)),
        story=(
            _p(
                "Two litres. The spout is drawn thin at the end so that it pours a teacup without a splash, and the lid stays in while you do it."
            ),
            _p(
                "It does not whistle. The lid starts to chatter about a minute before the boil, which we find more civil."
            ),
        ),
    ),
    _product(
        "milk-pan",
        "Milk pan",
        "A small enamel pan for porridge, cocoa and eggs.",
        sku="POT-MIL",
        within=("pots-and-pans",),
        form="saucepan",
        price=3900,
        grams=620,
        ways=(_Way("Sky", 29, ("#f0ece2",)), _Way("Butter", 31, ("#f4eede",))),
        look=(("width", 7.5), ("height", 8.5), ("handle", 1.7)),
        backdrops=("sand", "mist"),
        alt="Small enamel milk pan with a wooden handle",
        story=(
            _p(
                "One litre, enamelled in two fires, with a pale inside on which nothing can hide. It is the pan that is always in the rack because it is always in use."
            ),
            _p("The handle is oiled beech on a steel tang and can be replaced with one screw."),
        ),
    ),
)

_BOARDS = (
    _product(
        "paddle-board",
        "Paddle board",
        "A walnut board with a handle and a leather loop.",
        sku="BRD-PAD",
        within=("boards-and-knives",),
        form="board",
        price=5400,
        grams=1100,
        ways=(_Way("Walnut", 18, ("#4d3119",)), _Way("Oak", 25, ("#8d6237",))),
        look=(("shape", "paddle"), ("length", 44)),
        backdrops=("mist", "blush"),
        alt="Wooden paddle board with a leather loop",
        story=(
            _p(
                "One plank, no glue. The growth rings tell you which way the tree leaned; the board is cut so that they keep it flat."
            ),
            _p("Oil it when it looks thirsty. Linseed, walnut or whatever you would eat. 24 × 44 cm."),
        ),
    ),
    _product(
        "end-grain-block",
        "End-grain block",
        "A butcher's block of beech, standing on its fibres.",
        sku="BRD-END",
        within=("boards-and-knives",),
        form="board",
        price=11900,
        grams=4200,
        ways=(_Way("Beech", 10, ("#a97745",)),),
        look=(("timber", "end"), ("width", 30), ("length", 40), ("thick", 4.5)),
        backdrops=("sage",),
        alt="Thick end-grain chopping block",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "The blade goes between the fibres instead of across them, and they close again behind it. That is why the block stays smooth and the knife stays sharp."
            ),
            _q("It will be older than your kitchen."),
            _p("Fifty-four blocks, set in bricks. Four centimetres thick with finger grips on the short sides."),
        ),
    ),
    _product(
        "round-bread-board",
        "Round bread board",
        "Ash, with a short handle, wide enough for a country loaf.",
        sku="BRD-RND",
        within=("boards-and-knives",),
        form="board",
        price=4200,
        grams=980,
        ways=(_Way("Ash", 27, ("#96713f",)),),
        look=(("shape", "round"), ("width", 30), ("length", 38)),
        backdrops=("clay",),
        alt="Round wooden bread board",
        views=(("front", 0), ("angle", 0)),
        story=(
            _p(
                "Ash has an open grain that hides the lines a bread knife leaves. Turn it over for cheese: the back has been kept for best."
            ),
            _p("Thirty centimetres across; hangs from its leather loop."),
        ),
    ),
    _product(
        "marble-pastry-board",
        "Marble pastry board",
        "Cold stone for butter doughs and cheese.",
        sku="BRD-MAR",
        within=("boards-and-knives",),
        form="board",
        price=6900,
        grams=5200,
        ways=(_Way("Chalk", 12, ("#8d8a86",)),),
        look=(("timber", "marble"), ("width", 28), ("length", 38), ("thick", 1.8)),
        backdrops=("honey",),
        alt="White marble board with grey veins",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Marble takes heat out of the dough faster than your hands put it in. Half an hour in the fridge and it forgives even July."
            ),
            _p("Offcuts from a stonemason's yard, so the veins are what they are. Rubber feet; mind the lemon juice."),
        ),
    ),
    # Odd: its price changes tomorrow.
    _product(
        "chefs-knife",
        "Chef's knife",
        "Twenty centimetres of forged carbon steel and a walnut handle.",
        sku="KNF-CHE",
        within=("boards-and-knives",),
        form="knife",
        price=13900,
        grams=210,
        ways=(_Way("Walnut", 21),),
        deal=_Deal(tomorrow_percent=108),
        look=(("kind", "chef"),),
        backdrops=("oat",),
        alt="Chef's knife with a walnut handle",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Forged to a taper from heel to tip, so that it is stiff where you chop and whippy where you slice. The balance is at the collar; hold it there."
            ),
            _h("Carbon steel"),
            _p(
                "Sharper than stainless and easier to keep so, but it must be wiped dry. Within a week it turns blue-grey; that is the patina, and it protects the blade."
            ),
        ),
    ),
    _product(
        "three-knives",
        "Three knives",
        "Bread, chef and paring: what a kitchen needs.",
        sku="KNF-SET",
        within=("boards-and-knives",),
        form="knives",
        price=24900,
        grams=480,
        ways=(_Way("Charcoal", 9), _Way("Walnut", 12)),
        backdrops=("sand", "blush"),
        alt="Set of three kitchen knives side by side",
        story=(
            _p("We have tried to think of a fourth knife you need. Until we do, this is the set."),
            _p(
                "Stainless blades, forged in one piece with the tang; handles of stabilised wood on brass pins. Comes in a waxed cotton roll."
            ),
        ),
    ),
)

_BACKPACKS = (
    _product(
        "harbour-rolltop",
        "Harbour rolltop",
        "Waxed canvas with a roll closure and one leather strap.",
        sku="BAG-HAR",
        within=("backpacks",),
        form="backpack",
        price=15900,
        grams=1250,
        ways=(_Way("Olive", 18, ("#8a5a34",)), _Way("Ink", 14, ("#8a5a34",)), _Way("Charcoal", 10, ("#6b4a30",))),
        look=(("top", "roll"),),
        backdrops=("oat", "sand", "clay"),
        alt="Rolltop backpack with a leather strap and brass buckle",
        views=(("front", 0), ("front", 1), ("close", 0)),
        story=(
            _p(
                "Roll it three times for a laptop and lunch, once for a weekend. There is no zip at the top to break or to leak."
            ),
            _h("Waxed canvas"),
            _p(
                "The wax scuffs, and the scuffs warm up and heal in your hand. Rub in a new coat each autumn, about as often as you would for boots."
            ),
            _p("22 litres, 15-inch sleeve, 44 cm tall when rolled."),
        ),
    ),
    _product(
        "school-run-backpack",
        "Satchel backpack",
        "Two buckles, one flap and a pocket for the keys.",
        sku="BAG-SAT",
        within=("backpacks",),
        form="backpack",
        price=13900,
        grams=1150,
        ways=(_Way("Ink", 20, ("#8a5a34",)), _Way("Rust", 13, ("#6b4126",))),
        look=(("top", "flap"), ("height", 38)),
        backdrops=("mist", "blush"),
        alt="Flap backpack with two leather straps",
        story=(
            _p(
                "The buckles are for show; behind each sits a magnet, and both open with one hand while the other holds a child or a coffee."
            ),
            _p("18-ounce cotton canvas, lined in stripe, with a base that can stand in a puddle."),
        ),
    ),
    _product(
        "commuter-daypack",
        "Daypack",
        "A plain zip backpack, well made.",
        sku="BAG-DAY",
        within=("backpacks",),
        form="backpack",
        price=9900,
        grams=780,
        ways=(_Way("Moss", 33, ("#8a5a34",)), _Way("Sand", 26, ("#75502f",)), _Way("Plum", 19, ("#4b2f28",))),
        look=(("top", "zip"), ("height", 40)),
        backdrops=("sand", "oat", "sage"),
        alt="Zip backpack with a front pocket and leather badge",
        views=(("front", 0), ("group", 0), ("close", 0)),
        story=(
            _p(
                "One big room, one small pocket outside, one flat pocket against your back for what matters. That is the whole plan."
            ),
            _p("The zip is chunky, metal and sewn so that any cobbler can put in another."),
        ),
    ),
    _product(
        "two-tone-rolltop",
        "Two-tone rolltop",
        "A smaller rolltop with a dark base.",
        sku="BAG-TWO",
        within=("backpacks",),
        form="backpack",
        price=12900,
        grams=980,
        ways=(_Way("Ochre", 11, ("#5b3a29", "#5b4030")), _Way("Sky", 15, ("#5b3a29", "#33455c"))),
        look=(("top", "roll"), ("height", 36), ("width", 27), ("line", 0.12)),
        backdrops=("blush", "oat"),
        alt="Small two-coloured rolltop backpack",
        story=(
            _p(
                "The base is a second skin of darker cloth, where a bag gets set down on station floors. Above it, a colour that can be found in a pile of coats."
            ),
            _p("14 litres. Fits a 13-inch laptop and a very good sandwich."),
        ),
    ),
)

_TOTES = (
    _product(
        "market-tote",
        "Market tote",
        "Heavy natural canvas with leather handles.",
        sku="TOT-MAR",
        within=("totes",),
        form="tote",
        price=6900,
        grams=620,
        # Odd: one colour of several is sold out.
        ways=(_Way("Natural", 38, ("#8a5a34",)), _Way("Ink", 0, ("#8a5a34",)), _Way("Moss", 24, ("#75502f",))),
        backdrops=("clay", "sand", "oat"),
        alt="Canvas tote bag with leather handles",
        views=(("front", 0), ("front", 1), ("close", 0)),
        story=(
            _p(
                "Stands up by itself while you load it, which you will miss in every other bag. The handles are riveted, stitched, and long enough for a winter coat."
            ),
            _p(
                "24-ounce canvas, washed once so that it has already shrunk. Carries 20 kilograms; we stopped there, the bag had not."
            ),
        ),
    ),
    _product(
        "deck-stripe-tote",
        "Deck stripe tote",
        "Woven stripes and webbing handles for the beach.",
        sku="TOT-DEC",
        within=("totes",),
        form="tote",
        price=4900,
        grams=480,
        ways=(_Way("Chalk", 30, ("#3c5488", "#3c5488")), _Way("Butter", 26, ("#b5563c", "#b5563c"))),
        look=(("pattern", "stripe"), ("straps", "web"), ("width", 46), ("height", 32)),
        backdrops=("sand", "mist"),
        alt="Striped canvas tote",
        story=(
            _p(
                "Deckchair cloth, woven in the stripe and treated against salt and sun. Shake the sand out, hose it down, hang it by one handle."
            ),
            _p("A wet pocket inside closes with a snap."),
        ),
    ),
    _product(
        "dipped-tote",
        "Dipped tote",
        "Cotton canvas with a contrasting base.",
        sku="TOT-DIP",
        within=("totes",),
        form="tote",
        price=5400,
        grams=540,
        ways=(_Way("Natural", 28, ("#b5563c",)), _Way("Sand", 21, ("#435c4c",))),
        look=(("pattern", "block"), ("height", 38), ("strap", 0.38)),
        backdrops=("sage", "blush"),
        alt="Two-coloured tote with a contrasting base",
        story=(
            _p(
                "The colour is a second layer, sewn round the bottom third, where bags wear out. It doubles the base and halves the worry."
            ),
            _p("Inner pocket for a phone, key clip on a short cord."),
        ),
    ),
    _product(
        "allotment-bag",
        "Allotment bag",
        "A wide, low carrier for tools, seedlings and windfalls.",
        sku="TOT-ALL",
        within=("totes", "tools"),
        form="tote",
        price=7900,
        grams=820,
        ways=(_Way("Olive", 17, ("#5b3a29", "#5b3a29")),),
        look=(("width", 48), ("height", 28), ("depth", 18), ("straps", "web")),
        backdrops=("oat",),
        alt="Wide olive canvas garden carrier",
        views=(("front", 0), ("angle", 0)),
        story=(
            _p(
                "Waxed inside as well as out, so that wet leeks stay its own business. Loops along the inner wall hold three hand tools upright."
            ),
            _p("Folds flat behind a door."),
        ),
    ),
)

_POUCHES = (
    _product(
        "pencil-pouch",
        "Two-tone pouch",
        "Canvas above, leather-brown below, a brass zip across.",
        sku="POU-TWO",
        within=("pouches",),
        form="pouch",
        price=2900,
        grams=130,
        ways=(_Way("Ochre", 35, ("#5b3a29",)), _Way("Teal", 29, ("#4b3527",)), _Way("Blush", 32, ("#7a4a3a",))),
        look=(("line", 0.35),),
        backdrops=("blush", "sand", "sage"),
        alt="Zipped two-colour canvas pouch",
        views=(("front", 0), ("group", 0)),
        story=(
            _p(
                "Pencils, cables, passports, plasters. Buy two in different colours and you will know which is which without opening them."
            ),
            _p("Lined with pale cotton so that things can be found. 22 × 15 cm."),
        ),
    ),
    _product(
        "leather-wash-bag",
        "Leather wash bag",
        "Vegetable-tanned hide that darkens with your hands.",
        sku="POU-WSH",
        within=("pouches",),
        form="pouch",
        price=8900,
        grams=340,
        ways=(_Way("Walnut", 13, ("#75502f", "#c9b48c")), _Way("Black", 3, ("#2f2c2a", "#8d7a5c"))),
        look=(("skin", "leather"), ("width", 26), ("depth", 11), ("height", 15)),
        backdrops=("sand", "clay"),
        alt="Leather wash bag with a brass zip",
        story=(
            _p(
                "Tanned for six weeks in oak bark instead of six hours in chrome. It starts stiff and a little pale; a year later it looks like yours."
            ),
            _p("Waxed-cotton lining that wipes clean, and a flat base that stays upright on the narrowest shelf."),
        ),
    ),
    _product(
        "linen-drawstring",
        "Drawstring sack",
        "A washed-linen sack for bread, laundry or boots.",
        sku="POU-DRW",
        within=("pouches",),
        form="drawstring",
        sizes=(_Size("Small", "S", 1600, 90), _Size("Large", "L", 2400, 170)),
        ways=(_Way("Moss", (40, 28)), _Way("Natural", (44, 36), ("#8a5a34",))),
        backdrops=("sage", "clay"),
        alt="Gathered linen drawstring bag",
        story=(
            _p(
                "Bread keeps for four days in linen: it breathes enough not to mould and little enough not to dry. The large one takes a pair of boots or a week of socks."
            ),
            _p("Cotton cord with knotted ends, no plastic toggle."),
        ),
    ),
    _product(
        "tool-pouch",
        "Secateur pouch",
        "A slim waxed pouch for scissors, labels and twine.",
        sku="POU-TOO",
        within=("pouches", "tools"),
        form="pouch",
        price=3400,
        grams=160,
        ways=(_Way("Olive", 22, ("#6b4a30",)),),
        look=(("width", 17), ("height", 20), ("depth", 5), ("line", 0.22)),
        backdrops=("oat",),
        alt="Tall waxed canvas tool pouch",
        views=(("front", 0), ("close", 0)),
        story=(
            _p("Hangs from a belt or a nail. The lower third is doubled so that points stay inside and seeds do too."),
            _p("Rewax it when you do your jacket."),
        ),
    ),
)

_PLANTERS = (
    _product(
        "terrace-pot",
        "Terrace pot",
        "Classic terracotta with a rolled rim and its own saucer.",
        sku="PLN-TER",
        within=("planters",),
        form="planter",
        sizes=(_Size("14 cm", "14", 1400, 900), _Size("20 cm", "20", 2400, 2100), _Size("28 cm", "28", 4200, 4800)),
        ways=(_Way("Terracotta", (60, 48, 22)),),
        look=(("saucer", 1), ("plant", "snake")),
        backdrops=("mist",),
        alt="Terracotta pot on a saucer with a snake plant",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Fired hot enough to ring when you knock on it, and to stay outside at minus fifteen. The white bloom it grows is lime, not a fault; vinegar takes it off, patience makes it pretty."
            ),
            _p("Drains through a hole the width of a thumb. The plant stays with the photographer."),
        ),
    ),
    _product(
        "ribbed-planter",
        "Ribbed planter",
        "A fluted cylinder in satin glaze.",
        sku="PLN-RIB",
        within=("planters",),
        form="planter",
        price=3900,
        grams=1900,
        ways=(_Way("Sky", 20), _Way("Chalk", 24), _Way("Fir", 14)),
        look=(("shape", "cylinder"), ("ribs", 36), ("finish", "satin"), ("plant", "rubber")),
        backdrops=("sand", "clay", "oat"),
        alt="Fluted planter with a rubber plant",
        views=(("front", 0), ("front", 1)),
        story=(
            _p(
                "Glazed inside, no hole: meant as a cover for the plastic pot your plant came in. A cork disc in the base keeps it off the furniture."
            ),
            _p("17 cm across, takes a 15 cm pot."),
        ),
    ),
    _product(
        "mid-century-stand",
        "Planter on a stand",
        "A plain pot on four oak legs.",
        sku="PLN-STA",
        within=("planters",),
        form="planter",
        price=8900,
        grams=4300,
        ways=(_Way("Chalk", 12, ("#4a372b", "#a97a4b")), _Way("Charcoal", 15, ("#4a372b", "#75502f"))),
        look=(
            ("shape", "cylinder"),
            ("legs", 1),
            ("height", 20),
            ("width", 24),
            ("finish", "matt"),
            ("plant", "rubber"),
        ),
        backdrops=("blush", "sand"),
        alt="Round planter on a four-legged wooden stand",
        views=(("front", 0), ("front", 1)),
        story=(
            _p(
                "The stand lifts a floor plant the hand's breadth it needs to stop looking like something you forgot there. It goes together without tools: two halved joints and gravity."
            ),
            _p("Turn the legs over for a lower stand."),
        ),
    ),
    _product(
        "hanging-bowl",
        "Hanging bowl",
        "A speckled bowl in knotted cotton cord.",
        sku="PLN-HAN",
        within=("planters",),
        form="hanging planter",
        price=4600,
        grams=1200,
        ways=(_Way("Oat", 16, ("#4a372b",)), _Way("Clay", 18, ("#4a372b",))),
        look=(("pattern", "speckle"),),
        backdrops=("sand", "sage"),
        alt="Speckled hanging planter with a trailing plant",
        views=(("front", 0), ("front", 1)),
        story=(
            _p(
                "Three cords, one knot, 70 centimetres of drop. For anything that would rather hang down than stand up, and for cats that would rather it did not."
            ),
            _p("Watertight. The hook is included, the ladder is not."),
        ),
    ),
    _product(
        "herb-box",
        "Kitchen herb box",
        "A long larch box that fits a window sill.",
        sku="PLN-HER",
        within=("planters",),
        form="window box",
        price=5900,
        grams=2600,
        ways=(_Way("Oak", 13), _Way("Walnut", 9)),
        backdrops=("oat", "sage"),
        alt="Wooden window box planted with herbs",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Larch boards on brass screws, with a zinc tray inside that lifts out for the tap. Four pots stand in it side by side, or plant it straight."
            ),
            _p("Left outside it goes silver by the second summer. 46 × 16 cm."),
        ),
    ),
    _product(
        "succulent-dish",
        "Succulent dish",
        "A low bowl for a slow plant.",
        sku="PLN-SUC",
        within=("planters",),
        form="planter",
        price=2200,
        grams=640,
        ways=(_Way("Blush", 28), _Way("Charcoal", 23)),
        look=(("shape", "bowl"), ("height", 8), ("width", 15), ("finish", "matt"), ("plant", "rosette")),
        backdrops=("sage", "oat"),
        alt="Low bowl with a rosette succulent",
        views=(("front", 0), ("front", 1), ("close", 0)),
        story=(
            _p(
                "Shallow, because succulents root wide and not deep; heavy, because they grow on one side first. There is a drain and a cork to close it."
            ),
            _p("Water it when you remember, then forget."),
        ),
    ),
)

_TOOLS = (
    _product(
        "hand-trowel",
        "Hand trowel",
        "A stainless blade on an ash handle, riveted through.",
        sku="TOL-TRO",
        within=("tools",),
        form="hand tools",
        price=2800,
        grams=290,
        ways=(_Way("Ash", 45),),
        look=(("kind", "trowel"),),
        backdrops=("oat",),
        alt="Garden trowel with an ash handle",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "The neck is forged, not pressed, and bends for nobody's roots. Polished steel lets go of clay, so you carry less of the garden about."
            ),
            _p("Ash from hedgerows, oiled. The loop is leather; replace it when the dog has found it."),
        ),
    ),
    _product(
        "hand-fork",
        "Hand fork",
        "Three round tines for loosening and lifting.",
        sku="TOL-FOR",
        within=("tools",),
        form="hand tools",
        price=2800,
        grams=300,
        ways=(_Way("Ash", 39),),
        look=(("kind", "fork"),),
        backdrops=("sage",),
        alt="Hand fork with three tines and an ash handle",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Round tines slip between roots where flat ones cut them. Made for moving self-sown foxgloves to where you wanted them."
            ),
            _p("Same handle and balance as our trowel, so that your hand need not look."),
        ),
    ),
    _product(
        "border-set",
        "Border set",
        "Trowel, fork and transplanter.",
        sku="TOL-SET",
        within=("tools",),
        form="hand tools",
        price=7600,
        grams=860,
        ways=(_Way("Ash", 18),),
        look=(("kind", "set"),),
        backdrops=("clay",),
        alt="Set of three garden hand tools",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "The three that do nine jobs in ten. The transplanter is marked in centimetres, for bulbs that insist on it."
            ),
            _p("In a cotton roll with room for the scissors you will want next."),
        ),
    ),
    _product(
        "garden-scissors",
        "Bonsai scissors",
        "Black-handled scissors for deadheading and herbs.",
        sku="TOL-SCI",
        within=("tools",),
        form="scissors",
        price=2400,
        grams=140,
        ways=(_Way("Black", 2),),
        backdrops=("sage",),
        alt="Garden scissors with large black loops",
        views=(("front", 0), ("angle", 0)),
        story=(
            _p(
                "Loops wide enough for gloves, blades short enough for precision. They cut string, stems and, against all advice, thin wire."
            ),
            _p("Forged carbon steel: dry them, oil them, and they will stay with you."),
        ),
    ),
    _product(
        "garden-twine",
        "Garden twine",
        "Two reels of jute that rot when their work is done.",
        sku="TOL-TWI",
        within=("tools",),
        form="twine",
        price=1200,
        grams=260,
        ways=(_Way("Honey", 57, ("#efe6d6", "#7d8b6a")),),
        look=(("pair", 1),),
        backdrops=("blush",),
        alt="Two reels of garden twine",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "Three-ply and soft enough not to cut into a tomato stem. Ninety metres a reel: one in its own colour for parcels, one dyed green so that it disappears among the beans."
            ),
            _p("Untreated, so it can go on the compost with everything it held up."),
        ),
    ),
    _product(
        "dibber",
        "Dibber and twine",
        "A turned planting stick with depth rings, and a reel of twine.",
        sku="TOL-DIB",
        within=("tools",),
        form="dibber",
        price=2200,
        grams=380,
        ways=(_Way("Beech", 26, ("#b9b6b0",)),),
        backdrops=("oat",),
        alt="Wooden dibber beside a reel of twine",
        views=(("front", 0), ("angle", 0)),
        story=(
            _p(
                "The rings are burnt in at two, four, six and eight centimetres: lettuce, leek, onion, tulip. Push, twist, drop, done."
            ),
            _p("Steel-tipped beech with a palm-shaped head."),
        ),
    ),
    _product(
        "potting-brush",
        "Potting-bench brush",
        "Stiff coconut bristles in an ash back.",
        sku="TOL-BRU",
        within=("tools",),
        form="brush",
        price=1600,
        grams=180,
        ways=(_Way("Ash", 32),),
        backdrops=("mist",),
        alt="Wooden hand brush with dark bristles",
        views=(("front", 0), ("close", 0)),
        story=(
            _p(
                "For sweeping the bench, scrubbing pots and knocking soil off carrots. The bristles are drawn through by hand with steel wire and do not moult."
            ),
            _p("Hang it up; standing on its bristles is the one thing it cannot bear."),
        ),
    ),
)

_WATERING = (
    _product(
        "long-spout-can",
        "Long-spout can",
        "A slim indoor can that reaches behind the leaves.",
        sku="WAT-LON",
        within=("watering",),
        form="watering can",
        price=4900,
        grams=620,
        ways=(_Way("Fir", 23, ("#c9a15a",)), _Way("Blush", 18, ("#c9a15a",)), _Way("Chalk", 20, ("#c27e55",))),
        backdrops=("sand", "oat", "sage"),
        alt="Indoor watering can with a long brass spout",
        views=(("front", 0), ("front", 1), ("front", 2)),
        story=(
            _p(
                "The spout starts at the very bottom and ends as thin as a pencil: a steady thread of water, exactly at the root, none on the parquet."
            ),
            _p("1.2 litres in powder-coated steel. Spout and handle are brass."),
        ),
    ),
    _product(
        "garden-can",
        "Garden can",
        "Nine litres of galvanised steel with a brass rose.",
        sku="WAT-GAR",
        within=("watering",),
        form="watering can",
        price=6900,
        grams=1800,
        ways=(_Way("Fir", 16, ("#c9a15a",)), _Way("Rust", 12, ("#c9a15a",))),
        look=(("kind", "garden"),),
        backdrops=("sage", "blush"),
        alt="Garden watering can with a brass rose",
        story=(
            _p(
                "The long reach and the upturned rose are for seedlings: the first drops, which are always the clumsy ones, fall outside the tray."
            ),
            _p("Balanced to be carried full in one hand, or better, two in two."),
        ),
    ),
    _product(
        "brass-mister",
        "Brass mister",
        "A glass bottle and a brass pump for a fine fog.",
        sku="WAT-MIS",
        within=("watering", "planters"),
        form="mister",
        price=2900,
        grams=480,
        ways=(_Way("Amber", 30, ("#cda357",)), _Way("Moss", 25, ("#cda357",))),
        backdrops=("sand", "oat"),
        alt="Glass plant mister with a brass pump",
        story=(
            _p(
                "Ferns and orchids drink through their leaves. This gives them fog rather than rain, at a quarter turn of the nozzle."
            ),
            _p("The pump comes apart with your fingers for cleaning; all its seals are in a small bag in the box."),
        ),
    ),
)

_GIFT_CARD_LOOK = (_Way("Fir", 1000, ("#d29a3c", "#c9a679")),)

_GIFT_CARD = Product(
    "gift-card",
    "Gift card",
    "A code by e-mail that is worth money in the whole shop.",
    (
        _p(
            "You choose what it is worth; whoever you give it to chooses the rest. It arrives by e-mail within minutes."
        ),
        _p(
            "It need not be spent in one go: what is left stays on the card, and a larger order is paid up another way."
        ),
    ),
    ("gift-cards",),
    (Option("Value", ("€25", "€50", "€100")),),
    tuple(
        Variant(f"GIFT-{value}", (("Value", f"€{value}"),), value * 100, weight_grams=0, stock=1000)
        for value in (25, 50, 100)
    ),
    _pictures(
        "gift card",
        _GIFT_CARD_LOOK,
        (),
        "Gift card in dark green with an ochre bow, on its envelope",
        _usual_views(_GIFT_CARD_LOOK),
        ("oat",),
        seed=7,
    ),
    brand="magpie",
    kind="gift_card",
    tax_class="zero",
    shipping_class="none",
)

_BREAKFAST_LOOK = (_Way("Clay", 0, ("#4a372b",)),)

# Odd: a bundle, with no stock of its own: two mugs and two plates that are also sold singly.
_BREAKFAST = replace(
    _product(
        "breakfast-for-two",
        "Breakfast for two",
        "Two morning mugs and two rimmed plates, for less than one by one.",
        sku="SET-BRE",
        within=("mugs-and-cups", "bowls-and-plates"),
        form="mug",
        price=7200,
        grams=1700,
        ways=_BREAKFAST_LOOK,
        look=(("pattern", "speckle"), ("shape", "straight")),
        backdrops=("blush", "oat"),
        alt="Speckled stoneware mug of the breakfast set",
        views=(("front", 0), ("close", 0)),
        story=(
            _p("Two mugs in clay and two small plates in chalk, packed in one box with a ribbon round it."),
            _p("The same pieces that we sell singly, so that the set can grow and heal."),
        ),
    ),
    kind="bundle",
)

_PATTERN_LOOK = (_Way("Oat", 0, ("#33455c", "#c9a679")),)

# Odd: digital, so there is always one more; what is bought is a file.
_PATTERN = Product(
    "drawstring-sack-pattern",
    "Drawstring sack: the pattern",
    "Our linen sack to sew yourself: a pattern and its instructions as a file.",
    (
        _p(
            "Two seams, one channel, one cord: an evening's work, and the reason why we sell linen offcuts. The pattern comes in both of our sizes, with the seam allowance drawn in."
        ),
        _h("What is in the file"),
        _p(
            "Two pages of A4 to print at home: the pieces at a quarter of their size with all measures, eight steps, and a square that tells you whether your printer was honest."
        ),
        _p("Sew as many as you like, and sell what you sew. A PDF in English and one in German come together."),
    ),
    ("pouches", "textiles"),
    (),
    (Variant("PDF-SACK", (), 600, weight_grams=0, stock=0),),
    _pictures(
        "booklet",
        _PATTERN_LOOK,
        (("print", "pattern"),),
        "Folded sewing pattern with the pieces of a drawstring sack drawn on it",
        _usual_views(_PATTERN_LOOK),
        ("sage",),
        seed=11,
    ),
    brand="magpie",
    kind="digital",
    shipping_class="none",
)

_RECIPES_LOOK = (_Way("Rust", 0, ("#efe6d6", "#ece6da")),)

# Odd: digital too, and taxed at the rate of books.
_RECIPES = Product(
    "suppers-from-one-pot",
    "Suppers from one pot",
    "Four recipes for the casserole, as a small e-book.",
    (
        _p(
            "Beans that take all afternoon, a chicken that takes an hour, a loaf with a crust, and a soup for the day after. All of it happens in one pot, and nobody has to stand beside it."
        ),
        _q("Put the lid on and go and do something else."),
        _p(
            "Cooked by us on a weekday, weighed and written down. Five pages to read on a screen or print out; a PDF in English and one in German come together."
        ),
    ),
    ("pots-and-pans",),
    (),
    (Variant("PDF-POT", (), 900, weight_grams=0, stock=0),),
    _pictures(
        "booklet",
        _RECIPES_LOOK,
        (("print", "pot"),),
        "Small rust-coloured cookery book with a casserole on its cover",
        _usual_views(_RECIPES_LOOK),
        ("oat",),
        seed=13,
    ),
    brand="magpie",
    kind="digital",
    tax_class="reduced",
    shipping_class="none",
)

# Odd: archived. It is sold no more, and orders and stock still know it.
_ADVENT = replace(
    _product(
        "advent-candles",
        "Advent candles",
        "Dipped candles for four Sundays, and three spare ones.",
        sku="CDL-ADV",
        within=("candles",),
        form="dinner candles",
        price=2800,
        grams=620,
        ways=(_Way("Fir", 4, ("#d8c7a8", "#b9a98c")),),
        backdrops=("sage",),
        alt="Bundle of seven dark green dipped candles tied with cord",
        views=(("front", 0), ("close", 0)),
        story=(
            _p("Dipped in a green that is nearly black, so that the flame is the brightest thing in the room."),
            _p("We made them for one winter. The colour is used up, and so is the patience of whoever mixed it."),
        ),
    ),
    archived=True,
)

_BULKY = frozenset({"moon-jar", "amphora-vase", "terrace-pot", "mid-century-stand", "herb-box", "garden-can"})


def _made_by(brand: str, *groups: tuple[Product, ...]) -> tuple[Product, ...]:
    return tuple(
        replace(product, brand=brand, shipping_class="bulky" if product.slug in _BULKY else "standard")
        for products in groups
        for product in products
    )


_UNTIL_DAYS = {"TOT-DEC-BUTT": 45}
"""Odd: variants with an end of their own; their product goes on."""

_GERMAN_DRAFTS = frozenset({"serving-bowl"})
"""Odd: still being written in German, and to be had in English."""

_COMPANY = "2947110"
"""The made-up company of the demo's barcodes, in the range that shops number for themselves: no real goods carry it."""


def _barcode(number: int) -> str:
    """An EAN-13: company, item and check digit (GS1 General Specifications, 7.9)."""
    digits = f"{_COMPANY}{number:05}"
    return f"{digits}{-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10}"


def _completed(*groups: Product) -> tuple[Product, ...]:
    """Every product with what depends on all the others or on lists of the odd ones."""
    numbers = {each.sku: number for number, each in enumerate((v for p in groups for v in p.variants), start=1)}
    return tuple(
        replace(
            product,
            german_published=product.slug not in _GERMAN_DRAFTS,
            variants=tuple(
                replace(each, barcode=_barcode(numbers[each.sku]), until_days=_UNTIL_DAYS.get(each.sku))
                for each in product.variants
            ),
        )
        for product in groups
    )


PRODUCTS: tuple[Product, ...] = _completed(
    *_made_by("lanternfold", _LAMPS),
    *_made_by("kilnside", _VASES),
    *_made_by("loomward", _TEXTILES),
    *_made_by("waxwing", _CANDLES, (_ADVENT,)),
    *_made_by("kilnside", _MUGS, _TABLEWARE, (_BREAKFAST,)),
    *_made_by("ironroot", _COOKWARE),
    *_made_by("whetstead", _BOARDS),
    *_made_by("saltmarsh", _BACKPACKS, _TOTES, _POUCHES),
    *_made_by("hedgerow-works", _PLANTERS, _TOOLS, _WATERING),
    _GIFT_CARD,
    _PATTERN,
    _RECIPES,
)

COLLECTIONS: tuple[Collection, ...] = (
    Collection(
        "gifts-under-30",
        "Gifts under 30",
        rules=(Rule("tag", {"tag": "gift"}), Rule("price_below", {"amount": "30.00"})),
        first=("quiet-hour-candle", "morning-mug"),
        order="price",
    ),
    Collection(
        "new-this-month",
        "New this month",
        rules=(Rule("new_for_days", {"days": 30}),),
    ),
    Collection(
        "winter-evenings",
        "Winter evenings",
        (
            "shoreline-blanket",
            "dune-mushroom-lamp",
            "beeswax-pillar",
            "hearth-casserole",
            "herringbone-throw",
            "stovetop-kettle",
            "half-dipped-mug",
            "twist-tapers",
        ),
    ),
    Collection(
        "a-first-kitchen",
        "A first kitchen",
        ("skillet", "milk-pan", "chefs-knife", "paddle-board", "rimmed-plates", "nesting-bowls", "bakers-tea-towels"),
    ),
    Collection(
        "balcony-season",
        "Balcony season",
        ("herb-box", "terrace-pot", "long-spout-can", "hanging-bowl", "hand-fork", "garden-twine"),
    ),
)

HOME = Home(
    hero_title="Things worth carrying home",
    hero_text="Lamps, pots, bags and garden tools from small workshops, chosen one by one and made to stay.",
    hero_alt="A still life of ceramics, candles, a lamp and a plant in warm morning light",
    hero_link_title="See what is new for the home",
    hero_link_category="home",
    first_row=ProductRow(
        "Just in",
        "Fresh from the kiln, the loom and the workbench.",
        (
            "dune-mushroom-lamp",
            "tideline-vase",
            "harbour-rolltop",
            "morning-mug",
            "long-spout-can",
            "windowpane-cushion",
            "hearth-casserole",
            "paddle-board",
        ),
    ),
    categories_title="Find your corner",
    categories=("home", "kitchen", "bags", "garden"),
    second_row=ProductRow(
        "For a long table",
        "Everything for an evening that nobody wants to end.",
        (
            "nesting-bowls",
            "twist-tapers",
            "garden-jug",
            "rimmed-plates",
            "copper-saucepan",
            "bakers-tea-towels",
            "three-hills-candles",
            "halo-pendant",
        ),
    ),
    closing=(
        "<h2>Few things, chosen slowly</h2><p>A magpie picks one bright thing at a time. We do the same: every object here has been used, "
        "washed, dropped and mended by one of us before it went on the shelf.</p><p>We ship from our own store room within two working days, wrapped in paper. "
        "If a handle comes off in ten years, write to us: we will send another.</p>"
    ),
    collection="gifts-under-30",
    articles_title="From the journal",
)
