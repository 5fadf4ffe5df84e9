"""Backpacks, totes and pouches in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from demo.german.shapes import ProductWords
from demo.wording import heading, paragraph

BACKPACKS = {
    "harbour-rolltop": ProductWords(
        "Rollrucksack Hafen",
        slug="rollrucksack-hafen",
        summary="Gewachstes Segeltuch mit Rollverschluss und einem Lederriemen.",
        alt="Rollrucksack mit Lederriemen und Messingschnalle",
        story=(
            paragraph(
                "Dreimal gerollt für Rechner und Mittagessen, einmal für ein Wochenende. Oben gibt es keinen Reißverschluss, der brechen oder Wasser durchlassen könnte."
            ),
            heading("Gewachstes Segeltuch"),
            paragraph(
                "Das Wachs bekommt Schrammen, und die Schrammen heilen unter Ihrer warmen Hand. Reiben Sie jeden Herbst eine neue Schicht ein, etwa so oft wie bei guten Stiefeln."
            ),
            paragraph("22 Liter, Fach für Rechner bis 15 Zoll, gerollt 44 cm hoch."),
        ),
    ),
    "school-run-backpack": ProductWords(
        "Ranzenrucksack",
        slug="ranzenrucksack",
        summary="Zwei Schnallen, eine Klappe und eine Tasche für die Schlüssel.",
        alt="Rucksack mit Klappe und zwei Lederriemen",
        story=(
            paragraph(
                "Die Schnallen sind Zierde; hinter jeder sitzt ein Magnet, und beide öffnen sich mit einer Hand, während die andere ein Kind oder einen Kaffee hält."
            ),
            paragraph(
                "Baumwollsegeltuch, gut 600 g/m² schwer und gestreift gefüttert, mit einem Boden, der in einer Pfütze stehen kann."
            ),
        ),
    ),
    "commuter-daypack": ProductWords(
        "Tagesrucksack",
        slug="tagesrucksack",
        summary="Ein schlichter Rucksack mit Reißverschluss, gut gemacht.",
        alt="Rucksack mit Reißverschluss, Vortasche und Lederetikett",
        story=(
            paragraph(
                "Ein großes Fach, eine kleine Tasche außen, eine flache am Rücken für das, worauf es ankommt. Das ist der ganze Plan."
            ),
            paragraph(
                "Der Reißverschluss ist kräftig, aus Metall und so eingenäht, dass jede Schusterei einen neuen einsetzen kann."
            ),
        ),
    ),
    "two-tone-rolltop": ProductWords(
        "Zweifarbiger Rollrucksack",
        slug="zweifarbiger-rollrucksack",
        summary="Ein kleinerer Rollrucksack mit dunklem Boden.",
        alt="Kleiner zweifarbiger Rollrucksack",
        story=(
            paragraph(
                "Der Boden ist eine zweite Haut aus dunklerem Tuch, dort, wo man eine Tasche auf dem Bahnsteig abstellt. Darüber eine Farbe, die sich in jedem Mantelhaufen wiederfindet."
            ),
            paragraph("14 Liter. Platz für einen Rechner mit 13 Zoll und ein sehr gutes Butterbrot."),
        ),
    ),
}

TOTES = {
    "market-tote": ProductWords(
        "Markttasche",
        slug="markttasche",
        summary="Schweres Segeltuch mit Henkeln aus Leder.",
        alt="Tragetasche aus Segeltuch mit Lederhenkeln",
        story=(
            paragraph(
                "Sie steht von allein, während Sie einpacken; das wird Ihnen an jeder anderen Tasche fehlen. Die Henkel sind genietet, genäht und lang genug für einen Wintermantel."
            ),
            paragraph(
                "Segeltuch, gut 800 g/m² schwer, einmal vorgewaschen und damit schon eingelaufen. Trägt 20 Kilogramm; dann haben wir aufgehört, die Tasche nicht."
            ),
        ),
    ),
    "deck-stripe-tote": ProductWords(
        "Strandtasche Sonnendeck",
        slug="strandtasche-sonnendeck",
        summary="Gewebte Streifen und Henkel aus Gurtband für den Strand.",
        alt="Gestreifte Tragetasche aus Segeltuch",
        story=(
            paragraph(
                "Liegestuhlstoff, im Streifen gewebt und gegen Salz und Sonne behandelt. Sand ausschütteln, mit dem Schlauch abspritzen, an einem Henkel aufhängen."
            ),
            paragraph("Die Nasstasche im Innern schließt mit einem Druckknopf."),
        ),
    ),
    "dipped-tote": ProductWords(
        "Tragetasche mit farbigem Boden",
        slug="tragetasche-mit-farbigem-boden",
        summary="Baumwollsegeltuch, unten in einer zweiten Farbe.",
        alt="Zweifarbige Tragetasche mit abgesetztem Boden",
        story=(
            paragraph(
                "Die Farbe ist eine zweite Lage Stoff, rund um das untere Drittel genäht, wo Taschen sich abnutzen. Sie verdoppelt den Boden und halbiert die Sorgen."
            ),
            paragraph("Innentasche fürs Telefon, Schlüsselhaken an kurzer Schnur."),
        ),
    ),
    "allotment-bag": ProductWords(
        "Schrebergartentasche",
        slug="schrebergartentasche",
        summary="Eine breite, niedrige Trage für Werkzeug, Setzlinge und Fallobst.",
        alt="Breite Gartentrage aus olivgrünem Segeltuch",
        story=(
            paragraph(
                "Innen wie außen gewachst, damit nasser Lauch seine eigene Angelegenheit bleibt. Schlaufen an der Innenwand halten drei Handgeräte aufrecht."
            ),
            paragraph("Flach gefaltet passt sie hinter jede Tür."),
        ),
    ),
}

POUCHES = {
    "pencil-pouch": ProductWords(
        "Zweifarbiges Mäppchen",
        slug="zweifarbiges-maeppchen",
        summary="Oben Segeltuch, unten Lederbraun, dazwischen ein Reißverschluss aus Messing.",
        alt="Zweifarbiges Mäppchen aus Segeltuch mit Reißverschluss",
        story=(
            paragraph(
                "Stifte, Kabel, Pässe, Pflaster. Nehmen Sie zwei in verschiedenen Farben, und Sie wissen, ohne sie zu öffnen, welches welches ist."
            ),
            paragraph("Mit heller Baumwolle gefüttert, damit sich alles wiederfindet. 22 × 15 cm."),
        ),
    ),
    "leather-wash-bag": ProductWords(
        "Kulturbeutel aus Leder",
        slug="kulturbeutel-aus-leder",
        summary="Pflanzlich gegerbtes Leder, das unter Ihren Händen nachdunkelt.",
        alt="Kulturbeutel aus Leder mit Messingreißverschluss",
        story=(
            paragraph(
                "Sechs Wochen in Eichenrinde gegerbt statt sechs Stunden in Chrom. Anfangs ist er steif und etwas blass; nach einem Jahr sieht er nach Ihnen aus."
            ),
            paragraph(
                "Abwischbares Futter aus gewachster Baumwolle und ein flacher Boden, der auf der schmalsten Ablage steht."
            ),
        ),
    ),
    "linen-drawstring": ProductWords(
        "Zugbeutel aus Leinen",
        slug="zugbeutel-aus-leinen",
        summary="Ein Beutel aus gewaschenem Leinen für Brot, Wäsche oder Stiefel.",
        alt="Geraffter Zugbeutel aus Leinen",
        story=(
            paragraph(
                "In Leinen hält sich Brot vier Tage: Es atmet genug, um nicht zu schimmeln, und wenig genug, um nicht auszutrocknen. Der große fasst ein Paar Stiefel oder Socken für eine Woche."
            ),
            paragraph("Baumwollkordel mit verknoteten Enden, kein Stopper aus Kunststoff."),
        ),
    ),
    "tool-pouch": ProductWords(
        "Scherentasche",
        slug="scherentasche",
        summary="Eine schmale gewachste Tasche für Scheren, Etiketten und Schnur.",
        alt="Hohe Werkzeugtasche aus gewachstem Segeltuch",
        story=(
            paragraph(
                "Hängt am Gürtel oder an einem Nagel. Das untere Drittel ist doppelt, damit Spitzen drinnen bleiben und Samen auch."
            ),
            paragraph("Wachsen Sie sie nach, wenn Ihre Jacke an der Reihe ist."),
        ),
    ),
}
