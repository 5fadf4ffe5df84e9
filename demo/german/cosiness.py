"""Textiles and candles in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from demo.german.shapes import ProductWords
from demo.wording import heading, paragraph

TEXTILES = {
    "windowpane-cushion": ProductWords(
        "Kissen Fensterkaro",
        slug="kissen-fensterkaro",
        summary="Ein weites Karo in schwerem Leinen, gefüllt mit Federn.",
        alt="Quadratisches Leinenkissen mit Fensterkaro",
        story=(
            paragraph(
                "Die Linien sind eingewebt, darum sieht das Karo auf der Rückseite genauso aus. Leinen von diesem Gewicht fühlt sich einen Monat lang spröde an und dann nie wieder."
            ),
            paragraph(
                "Bezug und Füllung kommen zusammen. Der Bezug hat einen verdeckten Reißverschluss und verträgt 40 Grad; 45 × 45 cm."
            ),
        ),
    ),
    "lattice-cushion": ProductWords(
        "Rautenkissen",
        slug="rautenkissen",
        summary="Rauten aus Wolle auf Baumwollgrund, von Hand gefranst.",
        alt="Kissen mit gewebtem Rautenmuster und Fransen",
        story=(
            paragraph(
                "Ein zusätzlicher Schussfaden flottiert über dem Grundgewebe und zeichnet die Rauten. Deshalb heben sie sich ein wenig von der Fläche ab."
            ),
            paragraph(
                "Die Fransen sind die Kettfäden selbst, verknotet statt abgeschnitten. Bitte ausschütteln, nicht kämmen."
            ),
        ),
    ),
    "ticking-bolster": ProductWords(
        "Lendenkissen aus Drell",
        slug="lendenkissen-aus-drell",
        summary="Ein langes Kissen aus gestreifter Matratzenbaumwolle.",
        alt="Langes gestreiftes Kissen",
        story=(
            paragraph(
                "Drell wurde so dicht gewebt, dass keine Feder hindurchkam. Das gilt noch immer, und er nimmt es Ihnen jahrzehntelang nicht übel, wenn Sie sich anlehnen."
            ),
            paragraph("40 × 60 cm, paspeliert im eigenen Streifen."),
        ),
    ),
    "shoreline-blanket": ProductWords(
        "Decke Uferlinie",
        slug="decke-uferlinie",
        summary="Ungefärbte Lammwolle mit gestreiften Enden und gedrehten Fransen.",
        alt="Gefaltete Wolldecke mit Streifen und Fransen",
        story=(
            paragraph(
                "Sand, Creme und Braun sind die Farben dreier Herden. Gefärbt ist hier nichts; nur die himmelblaue Decke hat einmal ein Färbebad gesehen."
            ),
            heading("Pflege"),
            paragraph(
                "Hängen Sie sie an einem feuchten Morgen an die Luft, statt sie zu waschen. Muss es doch sein: kaltes Wasser, Wollseife, liegend trocknen. 140 × 190 cm."
            ),
        ),
    ),
    "herringbone-throw": ProductWords(
        "Fischgrätplaid",
        slug="fischgraetplaid",
        summary="Ein leichtes Plaid für die Sessellehne.",
        alt="Gefaltetes Plaid mit Fischgrätmuster",
        story=(
            paragraph(
                "Halb wiedergewonnene, halb neue Wolle. Das Zickzack verbirgt Krümel, Hundehaare und die ersten Jahre im Gebrauch."
            ),
            paragraph("130 × 170 cm und so leicht, dass es mit in den Zug kommt."),
        ),
    ),
    "bakers-tea-towels": ProductWords(
        "Bäckertücher",
        slug="baeckertuecher",
        summary="Drei schwere Geschirrtücher aus Leinen, jedes mit eigenem Streifen.",
        alt="Stapel aus drei gefalteten Geschirrtüchern aus Leinen mit Streifen",
        story=(
            paragraph(
                "Groß genug (50 × 75 cm), um eine Gärschüssel abzudecken, dicht genug, um auf Gläsern keine Fusseln zu lassen, mit einem Aufhänger an der Ecke, der an jeden Haken passt."
            ),
            paragraph("Bei der ersten Wäsche laufen sie um eine Daumenbreite ein. Danach ist Schluss damit."),
        ),
    ),
}

CANDLES = {
    "beeswax-pillar": ProductWords(
        "Bienenwachskerze",
        slug="bienenwachskerze",
        summary="Von Hand aus einer Wabenplatte gerollt.",
        alt="Stumpenkerze aus Bienenwachs mit Wabenmuster",
        story=(
            paragraph(
                "Die Waben sind kein Zierrat: Es ist die Mittelwand, die Imkereien in den Bienenstock hängen, angewärmt und um einen Docht gerollt."
            ),
            paragraph("Brennt je Zentimeter rund eine Stunde und duftet leise nach August."),
        ),
    ),
    "three-hills-candles": ProductWords(
        "Drei Hügel",
        slug="drei-huegel",
        summary="Drei schlichte Stumpenkerzen in drei Höhen.",
        alt="Drei verschieden hohe Stumpenkerzen",
        story=(
            paragraph(
                "Durchgefärbtes Rapswachs, das bis zuletzt seinen Ton behält. Stellen Sie die drei auf einen Teller und lassen Sie sie zur Landschaft werden."
            ),
            paragraph("Sechs, neun und dreizehn Zentimeter; zusammen etwa 75 Stunden."),
        ),
    ),
    "twist-tapers": ProductWords(
        "Gedrehte Leuchterkerzen",
        slug="gedrehte-leuchterkerzen",
        summary="Drei schlanke Kerzen, warm gedreht, mit Haltern aus Messing.",
        alt="Drei gedrehte Leuchterkerzen in Messinghaltern",
        story=(
            paragraph(
                "Gerade Kerzen liegen in warmem Wasser, bis sie sich biegen, und werden dann von Hand gedreht, an beiden Enden zugleich. Lassen Sie es sich zeigen: Es dauert neun Sekunden."
            ),
            paragraph(
                "Die Halter sind aus Messing gegossen, haben Filzfüße und passen zu jeder üblichen Kerze (22 mm)."
            ),
        ),
    ),
    "quiet-hour-candle": ProductWords(
        "Stille Stunde",
        slug="stille-stunde",
        summary="Zeder, schwarzer Tee und ein wenig Rauch, in einem Becher zum Behalten.",
        alt="Duftkerze in einem Becher aus Steinzeug mit Papieretikett",
        story=(
            paragraph(
                "So zurückhaltend, dass Ihr Besuch nicht fragt, was da so duftet, sondern warum es bei Ihnen so angenehm riecht."
            ),
            heading("Danach"),
            paragraph(
                "Stellen Sie den leeren Becher eine Stunde ins Gefrierfach, klopfen Sie das letzte Wachs heraus und lösen Sie das Etikett unter warmem Wasser. Er macht sich gut als Stiftebecher."
            ),
        ),
    ),
    "travel-tin-candle": ProductWords(
        "Reisekerze",
        slug="reisekerze",
        summary="Feigenblatt und Salz in einer Messingdose mit Deckel.",
        alt="Kerze in einer Messingdose, der Deckel liegt daneben",
        story=(
            paragraph(
                "Für Hotelzimmer, die nach Teppich riechen. Der Deckel schließt so dicht, dass er die Flamme löscht und Sie die Dose einpacken können, solange das Wachs noch weich ist."
            ),
            paragraph("Brennt 25 Stunden; im Laden füllen wir die Dose wieder auf."),
        ),
    ),
    "harvest-dinner-candles": ProductWords(
        "Erntekerzen",
        slug="erntekerzen",
        summary="Sieben getauchte Kerzen, mit Hanf gebündelt, für lange Tafeln.",
        alt="Bündel aus sieben getauchten Kerzen, mit Schnur gebunden",
        story=(
            paragraph(
                "Dreißigmal in immer kleinere Farbtöpfe getaucht und dann zum Härten in die Scheune gehängt. An der Spitze bleibt der Tropfen des letzten Bades."
            ),
            paragraph("Jede brennt rund neun Stunden. Es gibt sie einmal im Jahr, wenn der Raps gepresst ist."),
        ),
    ),
    "advent-candles": ProductWords(
        "Adventskerzen",
        slug="adventskerzen",
        summary="Getauchte Kerzen für vier Sonntage und drei zum Ersatz.",
        alt="Bündel aus sieben dunkelgrünen getauchten Kerzen mit Kordel",
        story=(
            paragraph("Getaucht in ein Grün, das fast schwarz ist, damit die Flamme das Hellste im Zimmer bleibt."),
            paragraph(
                "Für einen einzigen Winter gemacht. Die Farbe ist aufgebraucht und die Geduld dessen, der sie mischte, auch."
            ),
        ),
    ),
}
