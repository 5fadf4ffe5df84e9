"""Planters, garden tools and watering in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from demo.german.shapes import ProductWords
from demo.wording import paragraph

PLANTERS = {
    "terrace-pot": ProductWords(
        "Terrassentopf",
        slug="terrassentopf",
        summary="Klassische Terrakotta mit gerolltem Rand und eigenem Untersetzer.",
        alt="Terrakottatopf auf Untersetzer mit Bogenhanf",
        story=(
            paragraph(
                "So hoch gebrannt, dass er klingt, wenn Sie daran klopfen, und bei minus fünfzehn Grad draußen bleiben darf. Der weiße Schleier, den er ansetzt, ist Kalk und kein Fehler; Essig entfernt ihn, Geduld macht ihn schön."
            ),
            paragraph("Das Wasser läuft durch ein daumenbreites Loch ab. Die Pflanze bleibt im Fotostudio."),
        ),
    ),
    "ribbed-planter": ProductWords(
        "Gerippter Übertopf",
        slug="gerippter-uebertopf",
        summary="Ein kannelierter Zylinder in seidenmatter Glasur.",
        alt="Gerippter Übertopf mit Gummibaum",
        story=(
            paragraph(
                "Innen glasiert und ohne Loch, gedacht als Hülle für den Kunststofftopf, in dem Ihre Pflanze kam. Eine Korkscheibe unter dem Boden schont die Möbel."
            ),
            paragraph("17 cm im Durchmesser, für Töpfe von 15 cm."),
        ),
    ),
    "mid-century-stand": ProductWords(
        "Pflanztopf auf Ständer",
        slug="pflanztopf-auf-staender",
        summary="Ein schlichter Topf auf vier Beinen aus Eiche.",
        alt="Runder Pflanztopf auf vierbeinigem Holzständer",
        story=(
            paragraph(
                "Der Ständer hebt eine Bodenpflanze um die Handbreit, die ihr fehlt, um nicht mehr wie vergessen auszusehen. Er kommt ohne Werkzeug aus: zwei Überblattungen und die Schwerkraft."
            ),
            paragraph("Drehen Sie die Beine um, steht der Topf tiefer."),
        ),
    ),
    "hanging-bowl": ProductWords(
        "Hängeschale",
        slug="haengeschale",
        summary="Eine gesprenkelte Schale in geknoteter Baumwollkordel.",
        alt="Gesprenkelte Hängeschale mit rankender Pflanze",
        story=(
            paragraph(
                "Drei Kordeln, ein Knoten, 70 Zentimeter bis zur Schale. Für alles, was lieber hängt als steht, und für Katzen, denen es andersherum lieber wäre."
            ),
            paragraph("Wasserdicht. Der Haken liegt bei, die Leiter nicht."),
        ),
    ),
    "herb-box": ProductWords(
        "Kräuterkasten",
        slug="kraeuterkasten",
        summary="Ein langer Kasten aus Lärche, der auf jede Fensterbank passt.",
        alt="Mit Kräutern bepflanzter Fensterkasten aus Holz",
        story=(
            paragraph(
                "Lärchenbretter auf Messingschrauben, darin eine Zinkwanne, die Sie zum Gießen herausheben. Vier Töpfe stehen nebeneinander, oder Sie pflanzen gleich hinein."
            ),
            paragraph("Draußen ist er im zweiten Sommer silbergrau. 46 × 16 cm."),
        ),
    ),
    "succulent-dish": ProductWords(
        "Sukkulentenschale",
        slug="sukkulentenschale",
        summary="Eine niedrige Schale für eine langsame Pflanze.",
        alt="Niedrige Schale mit einer Rosettensukkulente",
        story=(
            paragraph(
                "Flach, weil Sukkulenten in die Breite wurzeln und nicht in die Tiefe; schwer, weil sie erst auf einer Seite wachsen. Ein Ablauf ist da und ein Korken, der ihn verschließt."
            ),
            paragraph("Gießen Sie, wenn es Ihnen einfällt, und vergessen Sie es dann wieder."),
        ),
    ),
}

TOOLS = {
    "hand-trowel": ProductWords(
        "Pflanzkelle",
        slug="pflanzkelle",
        summary="Ein rostfreies Blatt an einem durchgenieteten Griff aus Esche.",
        alt="Pflanzkelle mit Griff aus Esche",
        story=(
            paragraph(
                "Der Hals ist geschmiedet, nicht gepresst, und biegt sich vor keiner Wurzel. Polierter Stahl lässt Lehm los, so tragen Sie weniger Garten mit sich herum."
            ),
            paragraph(
                "Esche aus Feldhecken, geölt. Die Schlaufe ist aus Leder; ersetzen Sie sie, wenn der Hund sie gefunden hat."
            ),
        ),
    ),
    "hand-fork": ProductWords(
        "Handgabel",
        slug="handgabel",
        summary="Drei runde Zinken zum Lockern und Heben.",
        alt="Handgabel mit drei Zinken und Griff aus Esche",
        story=(
            paragraph(
                "Runde Zinken gleiten zwischen die Wurzeln, wo flache sie zerschneiden. Gemacht, um Fingerhut, der sich selbst ausgesät hat, dorthin zu setzen, wo Sie ihn haben wollten."
            ),
            paragraph("Griff und Gewicht wie bei unserer Pflanzkelle, damit Ihre Hand nicht hinsehen muss."),
        ),
    ),
    "border-set": ProductWords(
        "Werkzeug fürs Beet",
        slug="werkzeug-fuers-beet",
        summary="Pflanzkelle, Handgabel und schmale Kelle, zusammen in einer Rolltasche.",
        alt="Drei Handgeräte für den Garten",
        story=(
            paragraph(
                "Die drei, die neun von zehn Arbeiten erledigen. Die schmale Kelle hat eine Zentimeterteilung, für Zwiebeln, die darauf bestehen."
            ),
            paragraph("In einer Rolltasche aus Baumwolle, mit Platz für die Schere, die Sie als Nächstes wollen."),
        ),
    ),
    "garden-scissors": ProductWords(
        "Bonsaischere",
        slug="bonsaischere",
        summary="Eine Schere mit schwarzen Griffen für Verblühtes und Kräuter.",
        alt="Gartenschere mit großen schwarzen Griffen",
        story=(
            paragraph(
                "Griffe, weit genug für Handschuhe, Klingen, kurz genug für Feinarbeit. Sie schneidet Schnur, Stiele und, gegen jeden Rat, dünnen Draht."
            ),
            paragraph("Geschmiedeter Kohlenstoffstahl: Trocknen Sie sie, ölen Sie sie, und sie bleibt bei Ihnen."),
        ),
    ),
    "garden-twine": ProductWords(
        "Gartenschnur",
        slug="gartenschnur",
        summary="Zwei Rollen Jute, die verrottet, wenn ihre Arbeit getan ist.",
        alt="Zwei Rollen Gartenschnur",
        story=(
            paragraph(
                "Dreifach gezwirnt und so weich, dass sie nicht in den Tomatenstiel schneidet. Neunzig Meter je Rolle: eine naturfarben für Päckchen, eine grün gefärbt, damit sie zwischen den Bohnen verschwindet."
            ),
            paragraph("Unbehandelt, sie darf also mit allem, was sie gehalten hat, auf den Kompost."),
        ),
    ),
    "dibber": ProductWords(
        "Pflanzholz und Schnur",
        slug="pflanzholz-und-schnur",
        summary="Ein gedrechseltes Pflanzholz mit Tiefenringen und eine Rolle Schnur.",
        alt="Pflanzholz neben einer Rolle Schnur",
        story=(
            paragraph(
                "Die Ringe sind bei zwei, vier, sechs und acht Zentimetern eingebrannt: Salat, Lauch, Zwiebel, Tulpe. Drücken, drehen, fallen lassen, fertig."
            ),
            paragraph("Buche mit Stahlspitze und einem Knauf, der in die Handfläche passt."),
        ),
    ),
    "potting-brush": ProductWords(
        "Pflanztischbesen",
        slug="pflanztischbesen",
        summary="Feste Kokosborsten in einem Rücken aus Esche.",
        alt="Handbesen aus Holz mit dunklen Borsten",
        story=(
            paragraph(
                "Zum Abkehren des Pflanztischs, zum Schrubben von Töpfen und um Möhren von Erde zu befreien. Die Borsten sind von Hand mit Stahldraht eingezogen und haaren nicht."
            ),
            paragraph("Hängen Sie ihn auf; auf den Borsten zu stehen ist das Einzige, was er nicht verträgt."),
        ),
    ),
}

WATERING = {
    "long-spout-can": ProductWords(
        "Zimmergießkanne",
        slug="zimmergiesskanne",
        summary="Eine schlanke Kanne, deren Rohr bis hinter die Blätter reicht.",
        alt="Zimmergießkanne mit langem Gießrohr aus Messing",
        story=(
            paragraph(
                "Das Rohr setzt ganz unten an und endet dünn wie ein Bleistift: ein steter Wasserfaden, genau an die Wurzel, nichts aufs Parkett."
            ),
            paragraph("1,2 Liter, pulverbeschichteter Stahl. Rohr und Griff sind aus Messing."),
        ),
    ),
    "garden-can": ProductWords(
        "Gartengießkanne",
        slug="gartengiesskanne",
        summary="Neun Liter, verzinkter Stahl, mit einer Brause aus Messing.",
        alt="Gartengießkanne mit Messingbrause",
        story=(
            paragraph(
                "Das lange Rohr und die nach oben gerichtete Brause sind für Sämlinge: Die ersten Tropfen, immer die ungeschickten, fallen neben die Schale."
            ),
            paragraph(
                "So ausgewogen, dass Sie sie voll in einer Hand tragen, oder besser gleich zwei in beiden Händen."
            ),
        ),
    ),
    "brass-mister": ProductWords(
        "Zerstäuber aus Messing",
        slug="zerstaeuber-aus-messing",
        summary="Eine Glasflasche und eine Messingpumpe für feinen Nebel.",
        alt="Pflanzenzerstäuber aus Glas mit Messingpumpe",
        story=(
            paragraph(
                "Farne und Orchideen trinken auch durch ihre Blätter. Hier bekommen sie Nebel statt Regen, eingestellt mit einer Vierteldrehung der Düse."
            ),
            paragraph(
                "Zum Reinigen zerlegen Sie die Pumpe mit bloßen Fingern; alle Dichtungen liegen in einem Tütchen noch einmal bei."
            ),
        ),
    ),
}
