"""Lamps, vases and the gift card in German."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from demo.german.shapes import ProductWords
from demo.wording import heading, paragraph, quote

LAMPS = {
    "gourd-table-lamp": ProductWords(
        "Tischlampe Kalebasse",
        slug="tischlampe-kalebasse",
        summary="Von Hand gedrehtes Steinzeug mit einem Schirm aus Leinen.",
        alt="Tischlampe aus Steinzeug in Form einer Kalebasse",
        story=(
            paragraph(
                "Zwei Bäuche, in einem Zug gedreht und in der Taille sacht eingedrückt, solange der Ton noch weich ist. Die matte Engobe bewahrt jede Fingerspur, darum gleicht kein Fuß dem anderen."
            ),
            heading("Der Schirm"),
            paragraph(
                "Ungefärbtes Leinen auf einem Stahlring, genäht statt geklebt. Aus einer grellen Birne macht er ein Licht, bei dem man lesen kann, ohne zu blinzeln."
            ),
            paragraph(
                "Mit dimmbarem Leuchtmittel (6 Watt, 2700 K), 1,8 m Textilkabel und einem Schalter, den Sie auch im Dunkeln finden."
            ),
        ),
    ),
    "dune-mushroom-lamp": ProductWords(
        "Pilzlampe Düne",
        slug="pilzlampe-duene",
        summary="Eine glänzende Kuppel auf geschwungenem Fuß, für einen warmen Lichtkreis dicht über dem Tisch.",
        alt="Pilzförmige Tischlampe mit glänzender Kuppel",
        story=(
            paragraph(
                "Von Ihrem Platz aus verbirgt die Kuppel das Leuchtmittel vollständig. Zu sehen sind eine helle Säule und ein Kreis auf dem Tisch: gerade so viel Licht, wie ein spätes Abendessen braucht."
            ),
            quote("Klein genug fürs Bücherregal, schwer genug für eine Katze."),
            paragraph(
                "Pulverbeschichteter Stahl, außen glänzend, innen warmweiß. Der Helligkeitsregler sitzt am Kabel."
            ),
        ),
    ),
    "heron-reading-lamp": ProductWords(
        "Leselampe Reiher",
        slug="leselampe-reiher",
        summary="Ein gebogener Arm aus Messing und ein Schirm, der sich der Seite zuwendet.",
        alt="Leselampe mit gebogenem Messingarm und kegelförmigem Schirm",
        story=(
            paragraph(
                "Der Arm ist ein einziger Stab aus massivem Messing, kalt über eine Form gebogen und unlackiert gelassen. Wo Sie ihn anfassen, dunkelt er nach; überall sonst bleibt er blank."
            ),
            heading("Wohin sie schaut"),
            paragraph(
                "Der Schirm lässt sich um 300 Grad drehen und bleibt, wo er soll: Im Gelenk steckt eine Filzscheibe, die Sie mit einer Münze nachziehen."
            ),
        ),
    ),
    "spindle-lamp": ProductWords(
        "Tischlampe Spindel",
        slug="tischlampe-spindel",
        summary="Gedrechseltes Holz und ein plissierter Schirm aus Baumwolle.",
        alt="Tischlampe mit gedrechseltem Holzfuß und Faltenschirm",
        story=(
            paragraph(
                "Aus einem einzigen Kantel gedrechselt, auf einer Kopierdrehbank, die älter ist als alle, die an ihr arbeiten. Danach von Hand geschliffen und zweimal geölt."
            ),
            paragraph(
                "Vierzig Falten, mit Dampf in die Baumwolle gepresst. Für den Versand liegen sie flach; sobald Sie die Schachtel öffnen, springen sie wieder auf."
            ),
        ),
    ),
    "halo-pendant": ProductWords(
        "Pendelleuchte Lichthof",
        slug="pendelleuchte-lichthof",
        summary="Eine gedrückte Stahlkuppel, außen emailliert, innen warmweiß.",
        alt="Kuppelförmige Pendelleuchte an schwarzem Kabel",
        story=(
            paragraph(
                "Aus einer einzigen Stahlscheibe über eine Holzform gedrückt: keine Naht, kein Grat. Über dem Tischende wirft sie einen Kreis, der etwa so breit ist, wie sie hoch hängt."
            ),
            heading("Aufhängen"),
            paragraph(
                "Zwei Meter Textilkabel, eine Messingklemme, die die Länge hält, und ein Baldachin, der auch einen Auslass neben der Mitte verdeckt."
            ),
        ),
    ),
    "lantern-paper-pendant": ProductWords(
        "Papierleuchte Lampion",
        slug="papierleuchte-lampion",
        summary="Eine gerippte Kugel aus Maulbeerpapier, die einen ganzen Raum sanft erhellt.",
        alt="Runde, gerippte Hängeleuchte aus Papier",
        story=(
            paragraph(
                "Langfaseriges Maulbeerpapier über einer Spirale aus gespaltenem Bambus. Sie kommt flach bei Ihnen an; Sie ziehen sie auf, haken den Drahtbügel ein, und schon ist sie eine Lampe."
            ),
            paragraph(
                "Zweimal im Jahr mit einem weichen Pinsel abstauben. Kleine Risse flicken Sie von innen mit einem Tropfen Stärkekleister und einem Streifen des Ersatzpapiers, das beiliegt."
            ),
        ),
    ),
}

VASES = {
    "tideline-vase": ProductWords(
        "Vase Gezeiten",
        slug="vase-gezeiten",
        summary="Zwei Glasuren, die sich an der Wasserlinie treffen.",
        alt="Bauchige Vase, in zwei Glasuren getaucht",
        story=(
            paragraph(
                "Einmal am Fuß getaucht, einmal am Hals. Wo sich die Glasuren berühren, zieht der Ofen eine Linie, über die niemand ganz bestimmt."
            ),
            paragraph("Der enge Hals fasst einen losen Strauß aus dem Garten so, dass er wie gebunden aussieht."),
        ),
    ),
    "moon-jar": ProductWords(
        "Mondgefäß",
        slug="mondgefaess",
        summary="Eine volle weiße Kugel, einmal im Jahr gebrannt.",
        alt="Großes rundes Mondgefäß mit kleiner Öffnung",
        story=(
            paragraph(
                "Als zwei Schalen gedreht und noch feucht am Äquator zusammengefügt. Schauen Sie an der Wandung entlang, finden Sie die Naht und die leichte Neigung, die sie mit sich bringt."
            ),
            quote("Es ist fertig, wenn es nicht mehr versucht, rund zu sein."),
            paragraph(
                "Der Holzofen wird nur im Oktober befeuert. Sind die Gefäße eines Jahres vergeben, sind die nächsten noch ein Hügel aus Ton."
            ),
        ),
    ),
    "reed-bud-vase": ProductWords(
        "Knospenvase Schilf",
        slug="knospenvase-schilf",
        summary="Ein schlanker Hals für einen einzigen Stiel.",
        alt="Kleine Vase mit schlankem Hals",
        story=(
            paragraph(
                "Eine Tulpe, ein Zweig Rosmarin, die eine Rose, die den Regen überstanden hat. Drei davon auf der Fensterbank, und Sie haben den ganzen Winter etwas zu schauen."
            ),
            paragraph("Gegossenes Porzellan, innen und außen glasiert. Der Hals nimmt Stiele bis 9 mm auf."),
        ),
    ),
    "fluted-column-vase": ProductWords(
        "Kannelierte Säulenvase",
        slug="kannelierte-saeulenvase",
        summary="Gerade Wände, vierundzwanzig Rillen, Platz für lange Stiele.",
        alt="Hohe Vase mit senkrechten Rillen",
        story=(
            paragraph(
                "Die Rillen werden von Hand mit einer Drahtschlinge geschnitten, eine nach der anderen, sobald der Ton fest ist wie Käse. Von der einen Seite fangen sie das Licht, von der anderen den Schatten."
            ),
            paragraph("Der Boden ist schwer: Blütenzweige und Eukalyptus werfen sie nicht um."),
        ),
    ),
    "brushstroke-bottle": ProductWords(
        "Flaschenvase Pinselstrich",
        slug="flaschenvase-pinselstrich",
        summary="Eine hohe Flasche mit einem breiten Band aus Engobe.",
        alt="Hohe Flaschenvase mit gemaltem Band",
        story=(
            paragraph(
                "Das Band entsteht in einer einzigen Umdrehung der Scheibe, mit einem groben Hake-Pinsel. Streifen, Lücken und die Stelle, an der er abhebt, bleiben stehen."
            ),
            paragraph("Außen unglasiert und leicht rau wie ein Kiesel, innen glasiert und wasserdicht."),
        ),
    ),
    "garden-jug": ProductWords(
        "Gartenkrug",
        slug="gartenkrug",
        summary="Ein gesprenkelter Krug zum Einschenken, sonntags auch Vase.",
        alt="Gesprenkelter Krug aus Steinzeug mit Henkel",
        story=(
            paragraph(
                "Fasst 1,4 Liter. Die Schnaupe wird mit einem Finger gezogen und hält den letzten Tropfen zuverlässig zurück: Wir haben das auf weißen Tischtüchern geprüft."
            ),
            paragraph(
                "Das Eisen im Ton schmilzt als feine dunkle Sprenkel durch die Glasur. Keine Seite gleicht der anderen."
            ),
        ),
    ),
    "amphora-vase": ProductWords(
        "Amphorenvase",
        slug="amphorenvase",
        summary="Eine breitschultrige Vase mit verlaufender Glasur.",
        alt="Vase in Amphorenform mit herablaufender Glasur",
        story=(
            paragraph(
                "Kupfer und Rutil laufen von der Schulter herab und halten dort inne, wo die Wand nach innen schwingt. Die Werkstatt schickt uns Bilder von jedem Brand; ausgesucht wird gemeinsam."
            ),
            paragraph("Die ersten Stücke erwarten wir aus dem Herbstbrand."),
        ),
    ),
}

GIFT_CARDS = {
    "gift-card": ProductWords(
        "Geschenkgutschein",
        slug="geschenkgutschein",
        summary="Ein Code per E-Mail, der im ganzen Laden Geld wert ist.",
        alt="Dunkelgrüner Geschenkgutschein mit ockerfarbener Schleife auf seinem Umschlag",
        story=(
            paragraph(
                "Sie bestimmen, was er wert ist; alles Weitere bestimmt, wer ihn bekommt. Der Gutschein kommt innerhalb weniger Minuten per E-Mail."
            ),
            paragraph(
                "Er muss nicht auf einmal eingelöst werden: Was übrig ist, bleibt stehen, und wird die Bestellung größer, begleichen Sie den Rest auf anderem Weg."
            ),
        ),
    ),
}

FILES = {
    "drawstring-sack-pattern": ProductWords(
        "Zugbeutel: der Schnitt",
        slug="zugbeutel-der-schnitt",
        summary="Unser Leinenbeutel zum Selbernähen: Schnitt und Anleitung als Datei.",
        alt="Gefalteter Schnittbogen mit den Teilen eines Zugbeutels",
        story=(
            paragraph(
                "Zwei Nähte, ein Tunnel, eine Kordel: die Arbeit eines Abends und der Grund, warum wir Leinenreste verkaufen. Der Schnitt enthält unsere beiden Größen, die Nahtzugabe ist eingezeichnet."
            ),
            heading("Was in der Datei steckt"),
            paragraph(
                "Zwei A4-Seiten zum Ausdrucken: die Teile in einem Viertel ihrer Größe mit allen Maßen, acht Schritte und ein Quadrat, das verrät, ob der Drucker ehrlich war."
            ),
            paragraph(
                "Nähen Sie so viele, wie Sie mögen, und verkaufen Sie, was Sie nähen. Ein PDF auf Deutsch und eines auf Englisch gehören zusammen."
            ),
        ),
    ),
    "suppers-from-one-pot": ProductWords(
        "Abendessen aus einem Topf",
        slug="abendessen-aus-einem-topf",
        summary="Vier Rezepte für den Schmortopf, als kleines E-Book.",
        alt="Rostrotes Kochbuch mit einem Schmortopf auf dem Umschlag",
        story=(
            paragraph(
                "Bohnen, die einen Nachmittag brauchen, ein Huhn, das eine Stunde braucht, ein Brot mit Kruste und eine Suppe für den Tag danach. Alles geschieht in einem Topf, und niemand muss daneben stehen."
            ),
            quote("Deckel drauf, und dann etwas anderes tun."),
            paragraph(
                "An einem Werktag von uns gekocht, gewogen und aufgeschrieben. Fünf Seiten für den Bildschirm oder den Drucker; ein PDF auf Deutsch und eines auf Englisch gehören zusammen."
            ),
        ),
    ),
}
