"""Mugs, tableware, cookware, boards and knives in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from demo.german.shapes import ProductWords
from demo.wording import heading, paragraph, quote

MUGS = {
    "morning-mug": ProductWords(
        "Morgenbecher",
        slug="morgenbecher",
        summary="Gesprenkeltes Steinzeug, dünn gedreht, mit einem Henkel für drei Finger.",
        alt="Gesprenkelter Becher aus Steinzeug",
        story=(
            paragraph(
                "Fasst 330 ml: ein ordentlicher Kaffee mit genug Luft nach oben, um ihn durchs Zimmer zu tragen. Die Wand ist auf drei Millimeter ausgedreht, damit Sie den Rand beim Trinken vergessen."
            ),
            paragraph(
                "Der Henkel ist gezogen, nicht gegossen, und sitzt etwas höher als üblich, dort, wo das Gewicht ist."
            ),
            quote("Der, für den man an allen anderen vorbeigreift."),
        ),
    ),
    "half-dipped-mug": ProductWords(
        "Halb getauchter Becher",
        slug="halb-getauchter-becher",
        summary="Unten blanker Ton, oben glänzende Glasur.",
        alt="Runder Becher, in der oberen Hälfte glasiert",
        story=(
            paragraph(
                "Die untere Hälfte bleibt roh und wird mit dem Löffelrücken poliert, bis sie sich anfühlt wie ein Flusskiesel. Das ist griffig und hält die Hitze ein wenig von den Fingern fern."
            ),
            paragraph(
                "Spülmaschinenfest. Vom Tee dunkelt der rohe Ton nach; ein Brei aus Natron macht ihn wieder hell."
            ),
        ),
    ),
    "footed-cup": ProductWords(
        "Tasse auf Fuß",
        slug="tasse-auf-fuss",
        summary="Eine weite Tasse auf kleinem Fuß, für alles mit Milch.",
        alt="Weite Tasse auf schmalem Fuß, innen hell",
        story=(
            paragraph(
                "Der Fuß wird auf der Scheibe abgedreht und bleibt am Standring unglasiert. Die Schale darüber ist weit genug für ein Bild im Milchschaum und zum Eintunken, ohne dass etwas zerbricht."
            ),
            paragraph("280 ml. Zu zweit stapelbar, zu dritt nicht."),
        ),
    ),
    "espresso-beakers": ProductWords(
        "Espressobecher",
        slug="espressobecher",
        summary="Ein kleiner Becher ohne Henkel, für kurzen starken Kaffee.",
        alt="Kleiner Espressobecher ohne Henkel",
        story=(
            paragraph(
                "Neunzig Milliliter, am Boden dick, damit er die Wärme hält, am Rand dünn. Er passt unter jede Maschine und zwischen zwei Finger."
            ),
            paragraph("Spülen Sie ihn vorher warm aus; der Kaffee wird es Ihnen danken."),
        ),
    ),
    "striped-mug": ProductWords(
        "Becher Hafenstreifen",
        slug="becher-hafenstreifen",
        summary="Von Hand gezogene Streifen, die ein wenig wandern.",
        alt="Becher mit handgemalten Querstreifen",
        story=(
            paragraph(
                "Der Becher dreht sich, der Pinsel hält still, und sieben Atemzüge lang spricht in der Werkstatt niemand. Wo ein Streifen beginnt und endet, sehen Sie die Überlappung."
            ),
            paragraph("Unter der Glasur gemalt: Der Streifen wird den Henkel überleben. 350 ml."),
        ),
    ),
}

TABLEWARE = {
    "nesting-bowls": ProductWords(
        "Schalensatz",
        slug="schalensatz",
        summary="Drei Schalen, die ineinander wohnen.",
        alt="Drei ineinandergestellte Schalen aus Steinzeug",
        story=(
            paragraph(
                "In der großen mischen Sie Salat für vier, in der mittleren geht ein Brotteig, die kleine ist für alles, was übrig bleibt. Ineinander brauchen sie den Platz von einer."
            ),
            paragraph("Steinzeug, bis auf den Standring rundum glasiert. Ofenfest bis 220 Grad."),
        ),
    ),
    "ramen-bowl": ProductWords(
        "Tiefe Nudelschale",
        slug="tiefe-nudelschale",
        summary="Mit hoher Wand, damit die Brühe bis zuletzt heiß bleibt.",
        alt="Tiefe glasierte Nudelschale",
        story=(
            paragraph(
                "Randvoll ein Liter, gefüllt, wie man es eben tut, 700 ml. Der Fuß ist hoch genug, dass Sie die Schale tragen, ohne sich die Finger zu verbrennen."
            ),
            paragraph("Am Grund sammelt sich die Glasur ein wenig dunkler, dort, wo Sie zuletzt hinkommen."),
        ),
    ),
    "rimmed-plates": ProductWords(
        "Teller mit blankem Rand",
        slug="teller-mit-blankem-rand",
        summary="Ein Teller für jeden Tag mit einem Rand aus blankem Ton.",
        alt="Stapel Teller aus Steinzeug mit unglasiertem Rand",
        story=(
            paragraph(
                "Vor dem Brand wird der Rand mit einem nassen Schwamm von der Glasur befreit, Teller für Teller. Zurück bleibt eine warme Linie aus Ton, die das Essen rahmt."
            ),
            paragraph(
                "Eben, wo Sie schneiden, erhöht, wo die Soße davonliefe. Einzeln zu haben, damit ein Service wachsen und heilen kann."
            ),
        ),
    ),
    "serving-bowl": ProductWords(
        "Servierschale Furche",
        slug="servierschale-furche",
        summary="Eine weite, flache Schale mit gesprenkelter Glasur.",
        alt="Weite gesprenkelte Servierschale",
        story=(
            paragraph(
                "Achtundzwanzig Zentimeter im Durchmesser und so niedrig, dass Sie darüber hinwegsehen. Für Nudeln, Birnen oder die Post."
            ),
            paragraph(
                "Die Spirale, die der Daumen beim Aufbrechen des Tons auf der Scheibe hinterließ, ist noch da; beim Abwaschen werden Sie sie spüren."
            ),
        ),
    ),
    "breakfast-for-two": ProductWords(
        "Frühstück zu zweit",
        slug="fruehstueck-zu-zweit",
        summary="Zwei Morgenbecher und zwei Teller, zusammen günstiger als einzeln.",
        alt="Gesprenkelter Becher aus Steinzeug aus dem Frühstücksgedeck",
        story=(
            paragraph(
                "Zwei Becher in Ton und zwei kleine Teller in Kreide, verpackt in einer Schachtel mit einem Band darum."
            ),
            paragraph("Dieselben Stücke, die wir einzeln anbieten, damit das Gedeck wachsen und heilen kann."),
        ),
    ),
}

COOKWARE = {
    "hearth-casserole": ProductWords(
        "Schmortopf Herdfeuer",
        slug="schmortopf-herdfeuer",
        summary="Emailliertes Gusseisen mit einem Deckel, der den Dampf zurückgibt.",
        alt="Emaillierter Schmortopf mit Messingknauf",
        story=(
            paragraph(
                "In Sand gegossen: Jede Form dient einmal und wird dann zerschlagen. Darauf kommen drei Schichten Emaille, die letzte innen hell, damit Sie sehen, was die Zwiebeln tun."
            ),
            heading("Warum er schwer ist"),
            paragraph(
                "Eisen lässt sich Zeit mit dem Warmwerden und danach nicht mehr hetzen. Bohnen, Braten, Brot: Was gleichmäßige Hitze mag, mag diesen Topf."
            ),
            paragraph("Für alle Herde, auch Induktion, und im Backofen bis 250 Grad."),
        ),
    ),
    "copper-saucepan": ProductWords(
        "Stieltopf aus Kupfer",
        slug="stieltopf-aus-kupfer",
        summary="Zwei Millimeter Kupfer, mit Stahl ausgekleidet.",
        alt="Stieltopf aus Kupfer mit Holzgriff",
        story=(
            paragraph(
                "Drehen Sie die Flamme herunter, antwortet Kupfer binnen Sekunden. Das ist der Unterschied zwischen Vanillesoße und Rührei."
            ),
            paragraph(
                "Polieren Sie ihn mit einer halben Zitrone und Salz, oder lassen Sie ihn braun werden. Er kocht genauso gut."
            ),
        ),
    ),
    "skillet": ProductWords(
        "Eisenpfanne Schmiede",
        slug="eisenpfanne-schmiede",
        summary="Aus Eisenblech gedrückt, eingebrannt und leichter, als sie aussieht.",
        alt="Schwarze Bratpfanne aus Eisen",
        story=(
            paragraph(
                "Aus Blech gedrückt statt gegossen, darum nur halb so schwer, und mit Leinöl eingebrannt, bis sie schwarz ist. Braten Sie zuerst etwas Fettes darin; danach brät sie alles."
            ),
            paragraph(
                "Kein Spülmittel, kein Einweichen. Eine solche Pfanne machen erst die fertig, die mit ihr kochen."
            ),
        ),
    ),
    "stovetop-kettle": ProductWords(
        "Wasserkessel",
        slug="wasserkessel",
        summary="Emaillierter Stahl mit geschwungenem Griff aus Buche.",
        alt="Emaillierter Wasserkessel mit Holzgriff",
        story=(
            paragraph(
                "Zwei Liter. Die Tülle läuft so dünn aus, dass sich eine Teetasse ohne Spritzer füllen lässt, und der Deckel bleibt dabei, wo er ist."
            ),
            paragraph(
                "Er pfeift nicht. Etwa eine Minute, bevor es kocht, beginnt der Deckel zu klappern; das finden wir höflicher."
            ),
        ),
    ),
    "milk-pan": ProductWords(
        "Milchtopf",
        slug="milchtopf",
        summary="Ein kleiner Emailletopf für Haferbrei, Kakao und Eier.",
        alt="Kleiner Milchtopf aus Emaille mit Holzgriff",
        story=(
            paragraph(
                "Ein Liter, in zwei Bränden emailliert, innen so hell, dass sich nichts verstecken kann. Es ist der Topf, der immer auf dem Abtropfgitter steht, weil er immer in Gebrauch ist."
            ),
            paragraph(
                "Der Griff aus geölter Buche sitzt auf einem Dorn aus Stahl und lässt sich mit einer einzigen Schraube wechseln."
            ),
        ),
    ),
}

BOARDS_AND_KNIVES = {
    "paddle-board": ProductWords(
        "Schneidebrett mit Griff",
        slug="schneidebrett-mit-griff",
        summary="Ein Brett mit Lederschlaufe zum Aufhängen, aus einer einzigen Bohle.",
        alt="Holzbrett mit Griff und Lederschlaufe",
        story=(
            paragraph(
                "Eine Bohle, kein Leim. Die Jahresringe verraten, wohin sich der Baum neigte; das Brett ist so geschnitten, dass sie es eben halten."
            ),
            paragraph(
                "Ölen Sie es, wenn es durstig aussieht. Mit Leinöl, Walnussöl oder was Sie sonst essen würden. 24 × 44 cm."
            ),
        ),
    ),
    "end-grain-block": ProductWords(
        "Hackblock aus Stirnholz",
        slug="hackblock-aus-stirnholz",
        summary="Ein Fleischerblock aus Buche, der auf seinen Fasern steht.",
        alt="Dicker Hackblock aus Stirnholz",
        story=(
            paragraph(
                "Die Klinge fährt zwischen die Fasern statt quer hindurch, und hinter ihr schließen sie sich wieder. Darum bleibt der Block glatt und das Messer scharf."
            ),
            quote("Er wird älter als Ihre Küche."),
            paragraph(
                "Vierundfünfzig Klötze, im Verband gesetzt wie Ziegel. Vier Zentimeter stark, mit Griffmulden an den Schmalseiten."
            ),
        ),
    ),
    "round-bread-board": ProductWords(
        "Rundes Brotbrett",
        slug="rundes-brotbrett",
        summary="Esche mit kurzem Griff, breit genug für ein Landbrot.",
        alt="Rundes Brotbrett aus Holz",
        story=(
            paragraph(
                "In der groben Maserung der Esche verschwinden die Spuren des Brotmessers. Für den Käse drehen Sie das Brett um: Die Rückseite ist die gute Seite."
            ),
            paragraph("Dreißig Zentimeter im Durchmesser; hängt an seiner Lederschlaufe."),
        ),
    ),
    "marble-pastry-board": ProductWords(
        "Teigplatte aus Marmor",
        slug="teigplatte-aus-marmor",
        summary="Kühler Stein für Mürbeteig und Käse.",
        alt="Weiße Marmorplatte mit grauen Adern",
        story=(
            paragraph(
                "Marmor nimmt dem Teig die Wärme schneller, als Ihre Hände sie hineinbringen. Nach einer halben Stunde im Kühlschrank verzeiht er sogar den Juli."
            ),
            paragraph(
                "Reststücke aus einem Steinmetzbetrieb, darum sind die Adern, wie sie sind. Auf Gummifüßen; Vorsicht mit Zitronensaft."
            ),
        ),
    ),
    "chefs-knife": ProductWords(
        "Kochmesser",
        slug="kochmesser",
        summary="Zwanzig Zentimeter geschmiedeter Kohlenstoffstahl und ein Griff aus Nussbaum.",
        alt="Kochmesser mit Griff aus Nussbaum",
        story=(
            paragraph(
                "Von der Ferse zur Spitze verjüngt geschmiedet: steif, wo Sie hacken, biegsam, wo Sie Scheiben schneiden. Der Schwerpunkt liegt am Kropf; dort fassen Sie es."
            ),
            heading("Kohlenstoffstahl"),
            paragraph(
                "Schärfer als rostfreier Stahl und leichter scharf zu halten, aber er will trocken gewischt sein. Binnen einer Woche wird er blaugrau; das ist die Patina, und sie schützt die Klinge."
            ),
        ),
    ),
    "three-knives": ProductWords(
        "Drei Messer",
        slug="drei-messer",
        summary="Brotmesser, Kochmesser, Schälmesser: was eine Küche braucht.",
        alt="Drei Küchenmesser nebeneinander",
        story=(
            paragraph(
                "Wir haben überlegt, welches vierte Messer Sie brauchen könnten. Bis uns eines einfällt, bleibt es bei diesen dreien."
            ),
            paragraph(
                "Rostfreie Klingen, mit dem Erl aus einem Stück geschmiedet; Griffe aus stabilisiertem Holz auf Messingstiften. In einer Rolltasche aus gewachster Baumwolle."
            ),
        ),
    ),
}
