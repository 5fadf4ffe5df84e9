"""What stands in the papers, in English and German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from dataclasses import dataclass

from demo.wording import Both


@dataclass(frozen=True)
class Leaflet:
    """`advice` are headings with what is said below them."""

    title: str
    opening: str
    advice: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Recipe:
    title: str
    serves: str
    ingredients: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Recipes:
    title: str
    opening: str
    recipes: tuple[Recipe, ...]


@dataclass(frozen=True)
class Pattern:
    """`twice` stands in each piece, `test` below the square, `lines` below the pieces."""

    title: str
    opening: str
    large: str
    small: str
    twice: str
    test: str
    lines: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A paper to some products, for everybody to read."""

    words: Both[Leaflet]
    products: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """What buyers of a digital product get in either language."""

    template: str
    words: Both[Recipes] | Both[Pattern]


LEAFLETS: tuple[Paper, ...] = (
    Paper(
        Both(
            Leaflet(
                "Looking after cast iron",
                "Iron forgives almost everything but standing wet.",
                (
                    (
                        "Before the first supper",
                        "Rinse it with hot water and dry it on the hob. Rub a bare iron pan thinly with oil; enamel wants none.",
                    ),
                    (
                        "Every day",
                        "Let it cool before water touches it. Bare iron gets hot water and a brush, enamel a soft sponge and a little soap. Neither likes the dishwasher.",
                    ),
                    (
                        "When something has burnt on",
                        "Cover it with water, add a spoonful of baking soda, let it simmer for ten minutes and start again with a wooden spatula.",
                    ),
                    (
                        "When there is rust",
                        "Scour it off with salt and half a potato, dry it, oil it and bake it upside down at 220 degrees for an hour.",
                    ),
                ),
            ),
            Leaflet(
                "Gusseisen pflegen",
                "Eisen verzeiht fast alles, nur kein nasses Stehenbleiben.",
                (
                    (
                        "Vor dem ersten Abendessen",
                        "Heiß ausspülen und auf dem Herd trocknen. Eine blanke Eisenpfanne dünn mit Öl ausreiben; Emaille braucht keines.",
                    ),
                    (
                        "Jeden Tag",
                        "Abkühlen lassen, ehe Wasser darankommt. Blankes Eisen bekommt heißes Wasser und eine Bürste, Emaille einen weichen Schwamm und etwas Spülmittel. Die Spülmaschine mögen beide nicht.",
                    ),
                    (
                        "Wenn etwas angebrannt ist",
                        "Mit Wasser bedecken, einen Löffel Natron dazugeben, zehn Minuten köcheln lassen und mit dem Holzspatel von vorn beginnen.",
                    ),
                    (
                        "Wenn Rost da ist",
                        "Mit Salz und einer halben Kartoffel abreiben, trocknen, ölen und kopfüber eine Stunde bei 220 Grad einbrennen.",
                    ),
                ),
            ),
        ),
        ("hearth-casserole", "skillet"),
    ),
    Paper(
        Both(
            Leaflet(
                "Looking after oiled wood",
                "Wood goes on drinking long after it was a tree.",
                (
                    ("After use", "Wipe both sides with a damp cloth and stand the board on its edge until it is dry."),
                    (
                        "Once a month",
                        "Rub in as much linseed or walnut oil as it will take, wait for an hour and wipe off the rest. Hang the cloth out to dry: crumpled up it can catch fire.",
                    ),
                    (
                        "Onions and beetroot",
                        "Salt, half a lemon and five minutes of patience take away both colour and smell.",
                    ),
                    (
                        "When it has bent",
                        "Lay it on a damp towel with the hollow side down. By morning it has usually thought better of it.",
                    ),
                ),
            ),
            Leaflet(
                "Geöltes Holz pflegen",
                "Holz trinkt noch, wenn es schon lange kein Baum mehr ist.",
                (
                    (
                        "Nach dem Gebrauch",
                        "Beide Seiten feucht abwischen und das Brett auf die Kante stellen, bis es trocken ist.",
                    ),
                    (
                        "Einmal im Monat",
                        "So viel Lein- oder Walnussöl einreiben, wie es aufnimmt, eine Stunde warten und den Rest abnehmen. Das Tuch zum Trocknen aufhängen: Zusammengeknüllt kann es sich entzünden.",
                    ),
                    (
                        "Zwiebeln und Rote Bete",
                        "Salz, eine halbe Zitrone und fünf Minuten Geduld nehmen Farbe und Geruch.",
                    ),
                    (
                        "Wenn es sich verzogen hat",
                        "Mit der hohlen Seite nach unten auf ein feuchtes Handtuch legen. Bis zum Morgen hat es sich meist besonnen.",
                    ),
                ),
            ),
        ),
        ("paddle-board", "end-grain-block", "round-bread-board"),
    ),
    Paper(
        Both(
            Leaflet(
                "Looking after waxed canvas",
                "It is meant to get wet, and to show it.",
                (
                    (
                        "Dirt",
                        "Let it dry and brush it off. Cold water and a sponge for the rest; soap and machines wash out the wax.",
                    ),
                    (
                        "Once a year",
                        "Warm a tin of wax in a bath of water, rub it thinly over the seams first and then over the cloth, and go over it with a hair dryer.",
                    ),
                    ("Leather", "A little grease on a cloth in autumn. It darkens, which is what it is for."),
                    ("Rest", "Hang it in the air, not in a plastic bag, and not beside the woollens: wax travels."),
                ),
            ),
            Leaflet(
                "Gewachstes Segeltuch pflegen",
                "Es darf nass werden, und man darf es ihm ansehen.",
                (
                    (
                        "Schmutz",
                        "Trocknen lassen und ausbürsten. Für den Rest kaltes Wasser und ein Schwamm; Seife und Maschinen waschen das Wachs heraus.",
                    ),
                    (
                        "Einmal im Jahr",
                        "Eine Dose Wachs im Wasserbad erwärmen, dünn zuerst über die Nähte reiben, dann über das Tuch, und mit dem Föhn nachgehen.",
                    ),
                    ("Leder", "Im Herbst ein wenig Fett auf einem Tuch. Es dunkelt nach, und dazu ist es da."),
                    (
                        "Ruhe",
                        "An der Luft aufhängen, nicht in einer Plastiktüte und nicht neben den Wollsachen: Wachs wandert.",
                    ),
                ),
            ),
        ),
        ("harbour-rolltop", "allotment-bag", "tool-pouch"),
    ),
)

_PATTERN = Both(
    Pattern(
        title="Drawstring sack",
        opening="Two sizes, eight steps, one evening.",
        large="Large",
        small="Small",
        twice="cut twice",
        test="Each side of this square is 2.5 cm long. If it is not, print again at 100 %.",
        lines="Drawn at a quarter of the size. Outer line: cut here, 1 cm of seam is included. Dashed line: sew here; what is above it becomes the channel for the cord.",
        steps=(
            "Wash and iron the linen. It shrinks once, and it had better do so now.",
            "Draw the piece on the cloth with its long side along the thread, and cut it out twice.",
            "Neaten the edges with a zigzag, all of them but the top.",
            "Lay the pieces right side on right side. Sew down one side, along the bottom and up the other, and stop where the dashed line ends.",
            "Press the seams open. At the openings fold the edges in and sew round them, so that the cord does not fray them.",
            "Fold the top over by 1 cm, then down to the seam, and sew along its lower edge. That is the channel.",
            "Thread two cords with a safety pin, one from either side, each once round.",
            "Knot the ends. Turn the sack, pull, and put the bread in.",
        ),
    ),
    Pattern(
        title="Zugbeutel",
        opening="Zwei Größen, acht Schritte, ein Abend.",
        large="Groß",
        small="Klein",
        twice="zweimal zuschneiden",
        test="Jede Seite dieses Quadrats misst 2,5 cm. Wenn nicht, bitte noch einmal mit 100 % drucken.",
        lines="Im Maßstab eins zu vier gezeichnet. Äußere Linie: hier schneiden, 1 cm Nahtzugabe ist enthalten. Gestrichelte Linie: hier nähen; was darüber liegt, wird der Tunnel für die Kordel.",
        steps=(
            "Das Leinen waschen und bügeln. Einmal läuft es ein, und das besser jetzt.",
            "Das Teil mit der langen Seite im Fadenlauf auf den Stoff zeichnen und zweimal zuschneiden.",
            "Die Kanten mit Zickzack versäubern, alle bis auf die obere.",
            "Die Teile rechts auf rechts legen. Eine Seite hinunter, den Boden entlang und die andere hinauf nähen, bis zum Ende der gestrichelten Linie.",
            "Die Nähte auseinanderbügeln. An den Öffnungen die Kanten einschlagen und umnähen, damit die Kordel sie nicht ausfranst.",
            "Die Oberkante 1 cm umschlagen, dann bis zur Naht, und knapp an der unteren Kante feststeppen. Das ist der Tunnel.",
            "Zwei Kordeln mit einer Sicherheitsnadel einziehen, von jeder Seite eine, jede einmal herum.",
            "Die Enden verknoten. Den Beutel wenden, ziehen, Brot hinein.",
        ),
    ),
)

_RECIPES = Both(
    Recipes(
        "Suppers from one pot",
        "Put the lid on and go and do something else.",
        (
            Recipe(
                "Beans for an afternoon",
                "For six, three hours, nearly all of them without you",
                (
                    "500 g white beans, soaked overnight",
                    "2 onions",
                    "4 cloves of garlic",
                    "2 carrots",
                    "1 tin of tomatoes",
                    "1 sprig of sage",
                    "6 tbsp olive oil",
                    "salt, vinegar",
                ),
                (
                    "Soften onions, garlic and carrots in half of the oil, lid off, for ten minutes.",
                    "Add beans, tomatoes and sage, and water to two fingers above the beans.",
                    "Lid on, into the oven at 140 degrees for two and a half hours.",
                    "Salt, a splash of vinegar, the rest of the oil. Better the next day.",
                ),
            ),
            Recipe(
                "A chicken in an hour",
                "For four, one hour and ten minutes",
                (
                    "1 chicken of 1.5 kg",
                    "1 lemon",
                    "1 kg small potatoes",
                    "8 shallots",
                    "1 glass of white wine",
                    "thyme, salt, pepper",
                ),
                (
                    "Salt the chicken well, inside too, and put the lemon in it.",
                    "Brown it on the hob on all sides, patiently, and lift it out.",
                    "Potatoes and shallots into the fat, wine over them, the chicken on top.",
                    "Lid on for 35 minutes at 200 degrees, lid off for the last 15.",
                ),
            ),
            Recipe(
                "A loaf with a crust",
                "One loaf, from evening to noon",
                ("500 g strong flour", "350 g water", "10 g salt", "2 g dried yeast", "rice flour for the cloth"),
                (
                    "Stir everything together in the evening and cover it. It needs no kneading, only the night.",
                    "In the morning fold it four times, and let it rise in a floured cloth for an hour.",
                    "Heat the empty pot with its lid in the oven at 250 degrees for half an hour.",
                    "Tip the loaf in, lid on for 30 minutes, lid off for 15. Wait before you cut it, if you can.",
                ),
            ),
            Recipe(
                "Soup for the day after",
                "For two, twenty minutes",
                (
                    "what is left of the beans",
                    "the bones of the chicken",
                    "a handful of greens",
                    "stale bread",
                    "hard cheese",
                ),
                (
                    "Cover the bones with a litre of water and simmer while you lay the table and look for the cheese.",
                    "Take them out, put beans and greens in.",
                    "Bread into the bowls, soup over it, cheese on top.",
                ),
            ),
        ),
    ),
    Recipes(
        "Abendessen aus einem Topf",
        "Deckel drauf, und dann etwas anderes tun.",
        (
            Recipe(
                "Bohnen für einen Nachmittag",
                "Für sechs, drei Stunden, fast alle ohne Sie",
                (
                    "500 g weiße Bohnen, über Nacht eingeweicht",
                    "2 Zwiebeln",
                    "4 Knoblauchzehen",
                    "2 Möhren",
                    "1 Dose Tomaten",
                    "1 Zweig Salbei",
                    "6 EL Olivenöl",
                    "Salz, Essig",
                ),
                (
                    "Zwiebeln, Knoblauch und Möhren in der Hälfte des Öls zehn Minuten ohne Deckel weich dünsten.",
                    "Bohnen, Tomaten und Salbei dazu, Wasser bis zwei Finger über die Bohnen.",
                    "Deckel drauf und für zweieinhalb Stunden bei 140 Grad in den Ofen.",
                    "Salz, ein Schuss Essig, das übrige Öl. Am nächsten Tag noch besser.",
                ),
            ),
            Recipe(
                "Ein Huhn in einer Stunde",
                "Für vier, eine Stunde und zehn Minuten",
                (
                    "1 Huhn von 1,5 kg",
                    "1 Zitrone",
                    "1 kg kleine Kartoffeln",
                    "8 Schalotten",
                    "1 Glas Weißwein",
                    "Thymian, Salz, Pfeffer",
                ),
                (
                    "Das Huhn kräftig salzen, auch innen, und die Zitrone hineinstecken.",
                    "Auf dem Herd geduldig von allen Seiten bräunen und herausheben.",
                    "Kartoffeln und Schalotten ins Fett, Wein darüber, das Huhn obenauf.",
                    "35 Minuten mit Deckel bei 200 Grad, die letzten 15 ohne.",
                ),
            ),
            Recipe(
                "Ein Brot mit Kruste",
                "Ein Laib, vom Abend bis zum Mittag",
                (
                    "500 g kräftiges Mehl",
                    "350 g Wasser",
                    "10 g Salz",
                    "2 g Trockenhefe",
                    "Reismehl für das Tuch",
                ),
                (
                    "Abends alles verrühren und zudecken. Geknetet wird nicht, das erledigt die Nacht.",
                    "Morgens viermal falten und eine Stunde im bemehlten Tuch gehen lassen.",
                    "Den leeren Topf mit Deckel eine halbe Stunde bei 250 Grad im Ofen aufheizen.",
                    "Den Laib hineinkippen, 30 Minuten mit Deckel, 15 ohne. Mit dem Anschneiden warten, wenn Sie können.",
                ),
            ),
            Recipe(
                "Suppe für den Tag danach",
                "Für zwei, zwanzig Minuten",
                (
                    "was von den Bohnen übrig ist",
                    "die Knochen des Huhns",
                    "eine Handvoll Grünes",
                    "altes Brot",
                    "Hartkäse",
                ),
                (
                    "Die Knochen mit einem Liter Wasser bedecken und köcheln lassen, während Sie den Tisch decken und den Käse suchen.",
                    "Herausnehmen, Bohnen und Grünes hinein.",
                    "Brot in die Schalen, Suppe darüber, Käse obenauf.",
                ),
            ),
        ),
    ),
)

FILES: dict[str, File] = {
    "drawstring-sack-pattern": File("pattern", _PATTERN),
    "suppers-from-one-pot": File("recipes", _RECIPES),
}
"""By digital product."""
