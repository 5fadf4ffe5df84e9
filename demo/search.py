"""What search engines show of the demo shop's pages, in English and German.

Landing pages bring their own in `demo.editorial`; an article is found by its title and standfirst.
"""

# ruff: noqa: E501 - a line of copy stays on its line

from __future__ import annotations

from demo.wording import Both, Search

HOME = Both(
    Search(
        "Magpie: things worth keeping",
        "Lamps, ceramics, cookware, bags and garden tools from small workshops. Chosen one by one, sent within two working days, mended when they break.",
    ),
    Search(
        "Magpie: Dinge, die bleiben",
        "Lampen, Keramik, Kochgeschirr, Taschen und Gartengerät aus kleinen Werkstätten. Einzeln ausgesucht, rasch verschickt und bei Bedarf repariert.",
    ),
)

CATEGORIES: dict[str, Both[Search]] = {
    "home": Both(
        Search(
            "Lamps, vases, textiles and candles for the home | Magpie",
            "Lamps, vases, cushions, blankets and candles for rooms that are lived in, made in small runs by workshops that we know.",
        ),
        Search(
            "Lampen, Vasen, Textilien und Kerzen fürs Zuhause | Magpie",
            "Lampen, Vasen, Kissen, Decken und Kerzen für Räume, in denen gelebt wird. In kleinen Mengen gefertigt von Werkstätten, die wir kennen.",
        ),
    ),
    "kitchen": Both(
        Search(
            "Cookware, tableware, boards and knives | Magpie",
            "Cast-iron pots, copper pans, stoneware, oiled boards and forged knives: a few good pieces for the kitchen, made to be used every day.",
        ),
        Search(
            "Kochgeschirr, Geschirr, Bretter und Messer | Magpie",
            "Gusseiserne Töpfe, Kupfer, Steinzeug, geölte Bretter und geschmiedete Messer: wenige gute Stücke für die Küche, gemacht für jeden Tag.",
        ),
    ),
    "bags": Both(
        Search(
            "Backpacks, totes and pouches of waxed canvas | Magpie",
            "Waxed canvas, vegetable-tanned leather and zips that can be replaced: bags for work, the market and the weekend.",
        ),
        Search(
            "Rucksäcke, Tragetaschen und Mäppchen aus Segeltuch | Magpie",
            "Gewachstes Segeltuch, pflanzlich gegerbtes Leder und Reißverschlüsse, die sich ersetzen lassen: Taschen für Arbeit, Markt und Wochenende.",
        ),
    ),
    "garden": Both(
        Search(
            "Garden tools, planters and watering cans | Magpie",
            "Forged hand tools, frost-proof pots and cans that pour where you point them, for gardens, balconies and window sills.",
        ),
        Search(
            "Gartenwerkzeug, Pflanzgefäße und Gießkannen | Magpie",
            "Geschmiedetes Handwerkzeug, frostfeste Töpfe und Kannen, die treffen, wohin Sie zielen: für Garten, Balkon und Fensterbank.",
        ),
    ),
    "lamps": Both(
        Search(
            "Table lamps, reading lamps and pendants | Magpie",
            "Table lamps of stoneware and turned oak, brass reading lamps, steel and paper pendants, with warm, dimmable bulbs in the box.",
        ),
        Search(
            "Tischlampen, Leselampen und Pendelleuchten | Magpie",
            "Tischlampen aus Steinzeug und Holz, Leselampen mit Messingarm, Pendelleuchten aus Stahl und Papier, alle mit warmem, dimmbarem Leuchtmittel.",
        ),
    ),
    "vases": Both(
        Search(
            "Handmade vases and jars | Magpie",
            "Bud vases, jugs, bottles and moon jars of stoneware and porcelain, watertight and with a glaze that is never the same twice.",
        ),
        Search(
            "Handgemachte Vasen und Gefäße | Magpie",
            "Knospenvasen, Krüge, Flaschen und Mondgefäße aus Steinzeug und Porzellan, wasserdicht und mit Glasuren, von denen keine der anderen gleicht.",
        ),
    ),
    "textiles": Both(
        Search(
            "Cushions, blankets and tea towels | Magpie",
            "Linen cushions, lambswool blankets, a herringbone throw and heavy tea towels, woven rather than printed.",
        ),
        Search(
            "Kissen, Decken und Geschirrtücher | Magpie",
            "Leinenkissen, Decken aus Lammwolle, ein Fischgrätplaid und schwere Geschirrtücher, gewebt statt bedruckt.",
        ),
    ),
    "candles": Both(
        Search(
            "Candles of beeswax and rapeseed wax | Magpie",
            "Pillars, tapers and scented candles of beeswax and rapeseed wax with cotton wicks. They burn slowly and do not drip in still air.",
        ),
        Search(
            "Kerzen aus Bienenwachs und Rapswachs | Magpie",
            "Stumpenkerzen, Leuchterkerzen und Duftkerzen aus Bienen- und Rapswachs mit Dochten aus Baumwolle. Sie brennen langsam und tropfen kaum.",
        ),
    ),
    "mugs-and-cups": Both(
        Search(
            "Stoneware mugs and cups | Magpie",
            "Thrown and cast mugs, wide cups and espresso beakers of stoneware, thin at the lip and at home in the dishwasher.",
        ),
        Search(
            "Becher und Tassen aus Steinzeug | Magpie",
            "Gedrehte und gegossene Becher, weite Tassen und Espressobecher aus Steinzeug, dünn am Rand und in der Spülmaschine zu Hause.",
        ),
    ),
    "bowls-and-plates": Both(
        Search(
            "Stoneware bowls and plates | Magpie",
            "Nesting bowls, noodle bowls, serving bowls and plates with a bare clay rim. Sold singly, easily stacked and mixed.",
        ),
        Search(
            "Schalen und Teller aus Steinzeug | Magpie",
            "Schalensätze, Nudelschalen, Servierschalen und Teller mit blankem Rand. Leicht zu stapeln, gut zu mischen und über die Jahre zu ergänzen.",
        ),
    ),
    "pots-and-pans": Both(
        Search(
            "Enamel, iron and copper pots and pans | Magpie",
            "An enamelled casserole, an iron skillet, a copper saucepan, a kettle and a milk pan: few pots that do a great deal.",
        ),
        Search(
            "Töpfe und Pfannen aus Emaille, Eisen und Kupfer | Magpie",
            "Schmortopf, Eisenpfanne, Stieltopf aus Kupfer, Wasserkessel und Milchtopf: wenige Töpfe, die sehr viel können.",
        ),
    ),
    "boards-and-knives": Both(
        Search(
            "Chopping boards and kitchen knives | Magpie",
            "Boards of walnut, oak, ash and beech, a marble slab for pastry and forged kitchen knives, which we sharpen free of charge.",
        ),
        Search(
            "Schneidebretter und Küchenmesser | Magpie",
            "Bretter aus Nussbaum, Eiche, Esche und Buche, eine Teigplatte aus Marmor und geschmiedete Küchenmesser, die wir kostenlos schärfen.",
        ),
    ),
    "backpacks": Both(
        Search(
            "Waxed canvas backpacks | Magpie",
            "Rolltops, a satchel and a plain daypack that keep out an hour of rain and look right at a desk.",
        ),
        Search(
            "Rucksäcke aus gewachstem Segeltuch | Magpie",
            "Rollrucksäcke, ein Ranzenrucksack und ein schlichter Tagesrucksack, die eine Stunde Regen abhalten und auch im Büro gut aussehen.",
        ),
    ),
    "totes": Both(
        Search(
            "Canvas tote bags | Magpie",
            "Totes of heavy canvas for the market, the beach and the allotment, with handles long enough for a winter coat.",
        ),
        Search(
            "Tragetaschen aus Segeltuch | Magpie",
            "Tragetaschen aus schwerem Segeltuch für Markt, Strand und Schrebergarten, mit Henkeln, die über einen Wintermantel reichen.",
        ),
    ),
    "pouches": Both(
        Search(
            "Pouches, wash bags and drawstring sacks | Magpie",
            "Zipped pouches, a leather wash bag and linen sacks: small bags that bring order to the big ones.",
        ),
        Search(
            "Mäppchen, Kulturbeutel und Zugbeutel | Magpie",
            "Mäppchen mit Reißverschluss, ein Kulturbeutel aus Leder und Zugbeutel aus Leinen: kleine Taschen, die Ordnung in die großen bringen.",
        ),
    ),
    "planters": Both(
        Search(
            "Plant pots and planters | Magpie",
            "Terracotta, glazed planters, a hanging bowl, a stand and a herb box, for the doorstep and for the window sill.",
        ),
        Search(
            "Pflanztöpfe und Übertöpfe | Magpie",
            "Terrakotta, glasierte Übertöpfe, eine Hängeschale, ein Topf auf Ständer und ein Kräuterkasten, für Türschwelle und Fensterbank.",
        ),
    ),
    "tools": Both(
        Search(
            "Garden hand tools | Magpie",
            "Trowel, fork, scissors, dibber, brush and twine: forged steel and ash handles, with a rivet where others use glue.",
        ),
        Search(
            "Handwerkzeug für den Garten | Magpie",
            "Pflanzkelle, Handgabel, Schere, Pflanzholz, Besen und Schnur: geschmiedeter Stahl, Griffe aus Esche und Nieten statt Leim.",
        ),
    ),
    "watering": Both(
        Search(
            "Watering cans and plant misters | Magpie",
            "A slim can for indoors, a galvanised one for the garden and a brass mister for everything that likes it humid.",
        ),
        Search(
            "Gießkannen und Zerstäuber | Magpie",
            "Eine schlanke Kanne fürs Zimmer, eine verzinkte für den Garten und ein Zerstäuber aus Messing für alles, was es feucht mag.",
        ),
    ),
    "gift-cards": Both(
        Search(
            "Gift cards by e-mail | Magpie",
            "Gift cards of 25, 50 and 100 euros, sent by e-mail within minutes and spent all at once or bit by bit.",
        ),
        Search(
            "Gutscheine per E-Mail | Magpie",
            "Gutscheine über 25, 50 und 100 Euro, in wenigen Minuten per E-Mail da und auf einmal oder nach und nach einzulösen.",
        ),
    ),
}

COLLECTIONS: dict[str, Both[Search]] = {
    "gifts-under-30": Both(
        Search(
            "Gifts under 30 from small workshops | Magpie",
            "A candle in a cup, a mug, a trowel, a bud vase: presents under 30 that are used every day and come wrapped in paper.",
        ),
        Search(
            "Geschenke unter 30 aus kleinen Werkstätten | Magpie",
            "Eine Kerze im Becher, eine Pflanzkelle, eine Knospenvase: Geschenke unter 30, die jeden Tag benutzt werden und in Papier gewickelt ankommen.",
        ),
    ),
    "new-this-month": Both(
        Search(
            "New this month: ceramics, bags, lamps and more | Magpie",
            "What came in during the last thirty days: a cup, a can, a kettle, a bag and two files to read, cook and sew from.",
        ),
        Search(
            "Neu in diesem Monat: Keramik, Taschen und mehr | Magpie",
            "Was in den letzten dreißig Tagen dazukam: Tasse, Kanne, Kessel, Rucksack und zwei Dateien zum Lesen, Kochen und Nähen.",
        ),
    ),
    "winter-evenings": Both(
        Search(
            "Blankets, candles and warm light for winter evenings | Magpie",
            "Lambswool blankets, beeswax candles, a low lamp and a casserole that takes its time, for when it is dark at five.",
        ),
        Search(
            "Decken, Kerzen und warmes Licht für Winterabende | Magpie",
            "Decken aus Lammwolle, Kerzen aus Bienenwachs, warmes Licht und ein Schmortopf, der sich Zeit lässt: für Abende, die um fünf beginnen.",
        ),
    ),
    "a-first-kitchen": Both(
        Search(
            "A first kitchen: seven pieces to start with | Magpie",
            "An iron skillet, a milk pan, a chef's knife, a board, plates, bowls and towels: what a first kitchen needs, and little else.",
        ),
        Search(
            "Die erste Küche: sieben Stücke für den Anfang | Magpie",
            "Eisenpfanne, Milchtopf, Kochmesser, Brett, Teller, Schalen und Geschirrtücher: was eine erste Küche braucht und kaum mehr.",
        ),
    ),
    "balcony-season": Both(
        Search(
            "Pots and tools for the balcony | Magpie",
            "A herb box, terracotta, a slim watering can, a hand fork and twine: all that a garden as wide as a chair needs.",
        ),
        Search(
            "Töpfe und Werkzeug für den Balkon | Magpie",
            "Kräuterkasten, Terrakotta, Hängeschale, Gießkanne, Handgabel und Schnur: alles für einen Garten, der so breit ist wie ein Stuhl.",
        ),
    ),
}
