"""Categories, collections, options and the home page in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from dataclasses import replace

from demo import catalogue
from demo.german.shapes import CategoryWords

CATEGORIES = {
    "home": CategoryWords(
        "Wohnen",
        slug="wohnen",
        introduction="<p>Licht, Ton und Tuch für Räume, in denen gelebt wird. In kleinen Mengen gefertigt und gemacht, um weitergegeben zu werden.</p>",
    ),
    "kitchen": CategoryWords(
        "Küche",
        slug="kueche",
        introduction="<p>Töpfe, die vom Herd auf den Tisch wandern, und Bretter, die mit jedem Brot besser werden.</p>",
    ),
    "bags": CategoryWords(
        "Taschen",
        slug="taschen",
        introduction="<p>Gewachstes Segeltuch, pflanzlich gegerbtes Leder und Reißverschlüsse, die sich ersetzen lassen.</p>",
    ),
    "garden": CategoryWords(
        "Garten",
        slug="garten",
        introduction="<p>Werkzeug, das etwas wiegt, und Töpfe für alles, was wächst.</p>",
    ),
    "lamps": CategoryWords(
        "Lampen",
        slug="lampen",
        introduction="<p>Tischlampen, Leselampen und Pendelleuchten, alle mit warmem, dimmbarem Leuchtmittel in der Schachtel.</p>",
    ),
    "vases": CategoryWords(
        "Vasen",
        slug="vasen",
        introduction="<p>Vom einzelnen Stiel bis zur halben Hecke. Jede Vase ist dicht und steht ohne Hilfe.</p>",
    ),
    "textiles": CategoryWords(
        "Heimtextilien",
        slug="heimtextilien",
        introduction="<p>Wolle, Leinen und Baumwolle, gewebt statt bedruckt.</p>",
    ),
    "candles": CategoryWords(
        "Kerzen",
        slug="kerzen",
        introduction="<p>Bienenwachs und Rapswachs mit Dochten aus Baumwolle. Sie brennen langsam und tropfen nicht, solange die Luft still ist.</p>",
    ),
    "mugs-and-cups": CategoryWords(
        "Becher & Tassen",
        slug="becher-und-tassen",
        introduction="<p>Gedrehtes und gegossenes Steinzeug für den ersten Kaffee und den letzten Tee.</p>",
    ),
    "bowls-and-plates": CategoryWords(
        "Schalen & Teller",
        slug="schalen-und-teller",
        introduction="<p>Geschirr, das sich stapeln und mischen lässt und die Spülmaschine übersteht.</p>",
    ),
    "pots-and-pans": CategoryWords(
        "Töpfe & Pfannen",
        slug="toepfe-und-pfannen",
        introduction="<p>Emaille, Eisen und Kupfer: ein paar gute Stücke statt eines vollen Schranks.</p>",
    ),
    "boards-and-knives": CategoryWords(
        "Bretter & Messer",
        slug="bretter-und-messer",
        introduction="<p>Geschmiedeter Stahl und geöltes Hartholz. Unsere Messer schärfen wir kostenlos, solange Sie sie haben.</p>",
    ),
    "backpacks": CategoryWords(
        "Rucksäcke",
        slug="rucksaecke",
        introduction="<p>Taschen für den Tag, die eine Stunde Regen abhalten und auch neben einem Schreibtisch gut aussehen.</p>",
    ),
    "totes": CategoryWords(
        "Tragetaschen",
        slug="tragetaschen",
        introduction="<p>Für Bücher, Brot und Lauch. Mit Henkeln, die über einen Wintermantel reichen.</p>",
    ),
    "pouches": CategoryWords(
        "Beutel & Mäppchen",
        slug="beutel-und-maeppchen",
        introduction="<p>Kleine Taschen, die Ordnung in die großen bringen.</p>",
    ),
    "planters": CategoryWords(
        "Pflanzgefäße",
        slug="pflanzgefaesse",
        introduction="<p>Frostfeste Töpfe für die Türschwelle und feinere für die Fensterbank. Die abgebildeten Pflanzen gehören nicht dazu.</p>",
    ),
    "tools": CategoryWords(
        "Gartenwerkzeug",
        slug="gartenwerkzeug",
        introduction="<p>Rostfreie Blätter, Griffe aus Esche und eine Niete, wo andere kleben.</p>",
    ),
    "watering": CategoryWords(
        "Gießen & Sprühen",
        slug="giessen-und-spruehen",
        introduction="<p>Kannen, die dorthin gießen, wohin Sie zielen, und ein Zerstäuber für alles, was es feucht mag.</p>",
    ),
    "gift-cards": CategoryWords(
        "Gutscheine",
        slug="gutscheine",
        introduction="<p>Für alle, die gern selbst aussuchen. Per E-Mail verschickt, auf einmal oder nach und nach eingelöst.</p>",
    ),
}

COLLECTIONS = {
    "gifts-under-30": "Geschenke unter 30",
    "new-this-month": "Neu in diesem Monat",
    "winter-evenings": "Winterabende",
    "a-first-kitchen": "Die erste Küche",
    "balcony-season": "Balkonzeit",
}
"""By the collection's slug, which is the same in every language: what it is called."""

OPTIONS = {"Colour": "Farbe", "Size": "Größe", "Value": "Wert"}

VALUES = {
    "Colour": {
        "Amber": "Bernstein",
        "Blush": "Altrosa",
        "Butter": "Buttergelb",
        "Chalk": "Kreide",
        "Charcoal": "Anthrazit",
        "Clay": "Ton",
        "Fir": "Tanne",
        "Ink": "Tinte",
        "Moss": "Moos",
        "Natural": "Natur",
        "Oak": "Eiche",
        "Oat": "Hafer",
        "Ochre": "Ocker",
        "Olive": "Olive",
        "Plum": "Pflaume",
        "Rust": "Rost",
        "Sand": "Sand",
        "Sky": "Himmelblau",
        "Teal": "Petrol",
        "Walnut": "Nussbaum",
        "Black": "Schwarz",
    },
    "Size": {
        "Small": "Klein",
        "Large": "Groß",
        "1.2 l": "1,2 l",
        "2 l": "2 l",
        "4 l": "4 l",
        "6 l": "6 l",
        "8 cm": "8 cm",
        "13 cm": "13 cm",
        "14 cm": "14 cm",
        "18 cm": "18 cm",
        "20 cm": "20 cm",
        "21 cm": "21 cm",
        "24 cm": "24 cm",
        "26 cm": "26 cm",
        "27 cm": "27 cm",
        "28 cm": "28 cm",
        "30 cm": "30 cm",
        "45 cm": "45 cm",
    },
    "Value": {"€25": "25 €", "€50": "50 €", "€100": "100 €"},
}
"""By the option's English name: what each of its values is called."""

HOME = replace(
    catalogue.HOME,
    hero_title="Dinge, die man gern nach Hause trägt",
    hero_text="Lampen, Töpfe, Taschen und Gartengerät aus kleinen Werkstätten, Stück für Stück ausgesucht und gemacht, um zu bleiben.",
    hero_alt="Stillleben mit Keramik, Kerzen, einer Lampe und einer Pflanze im warmen Morgenlicht",
    hero_link_title="Neues fürs Zuhause ansehen",
    first_row=replace(
        catalogue.HOME.first_row,
        title="Gerade eingetroffen",
        introduction="Frisch aus dem Brennofen, vom Webstuhl und von der Werkbank.",
    ),
    categories_title="Finden Sie Ihre Ecke",
    second_row=replace(
        catalogue.HOME.second_row,
        title="Für die lange Tafel",
        introduction="Alles für einen Abend, den niemand beenden möchte.",
    ),
    closing=(
        "<h2>Wenige Dinge, in Ruhe ausgesucht</h2><p>Eine Elster trägt immer nur ein glänzendes Ding davon. Wir halten es ebenso: Jedes Stück hier haben wir selbst benutzt, "
        "gespült, fallen lassen und geflickt, bevor es ins Regal kam.</p><p>Wir verschicken innerhalb von zwei Werktagen aus unserem eigenen Lager, in Papier gewickelt. "
        "Bricht in zehn Jahren ein Henkel ab, schreiben Sie uns: Wir schicken einen neuen.</p>"
    ),
    articles_title="Aus dem Journal",
)
"""The English home page in German words; its products and categories stay the slugs of `demo.catalogue`."""
