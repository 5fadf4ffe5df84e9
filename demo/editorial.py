"""What the demo shop says about itself in English and German: landing pages, brands, vendors, collections, menus.

A target says where a link leads, in the catalogue's slugs whatever the language: "home", "journal", "category:lamps",
"collection:balcony-season", "page:about-us" or "mailto:shop@example.com".
"""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from dataclasses import dataclass

from demo.wording import Both, Search

Target = str


@dataclass(frozen=True)
class Link:
    label: Both[str]
    target: Target


@dataclass(frozen=True)
class Column:
    """Links below a heading that leads nowhere itself."""

    heading: Both[str]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Hero:
    """`picture_of` names the product whose first picture stands beside the words."""

    title: Both[str]
    text: Both[str]
    picture_of: str
    link: Link


@dataclass(frozen=True)
class RichText:
    html: Both[str]


@dataclass(frozen=True)
class Quotation:
    text: Both[str]
    attribution: Both[str]


@dataclass(frozen=True)
class Shot:
    """The first picture of a product with a caption below it."""

    picture_of: str
    caption: Both[str]


@dataclass(frozen=True)
class Gallery:
    title: Both[str]
    shots: tuple[Shot, ...]


@dataclass(frozen=True)
class Question:
    question: Both[str]
    answer: Both[str]


@dataclass(frozen=True)
class Questions:
    title: Both[str]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Newsletter:
    title: Both[str]
    text: Both[str]


Section = Hero | RichText | Quotation | Gallery | Questions | Newsletter | Link


@dataclass(frozen=True)
class Landing:
    title: Both[str]
    slug: Both[str]
    search: Both[Search]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Vendor:
    """A workshop whose name is the same in every language, and the products of the catalogue that it delivers."""

    slug: str
    name: str
    description: Both[str]
    products: tuple[str, ...]


@dataclass(frozen=True)
class SiteWords:
    tagline: Both[str]
    footer: Both[str]
    contact_email: str
    address: str
    opening_hours: Both[str]


NEWSLETTER = Newsletter(
    title=Both("One letter a month", "Ein Brief im Monat"),
    text=Both(
        "What has come out of the kiln, what is new on the workbench and what there will be no more of. Never more than once a month, and easy to stop.",
        "Was aus dem Brennofen kam, was neu auf der Werkbank liegt und was zur Neige geht. Nie öfter als einmal im Monat und jederzeit leicht abzubestellen.",
    ),
)

ABOUT = Landing(
    title=Both("About us", "Über uns"),
    slug=Both("about-us", "ueber-uns"),
    search=Both(
        Search(
            "About us: few things, chosen slowly | Magpie",
            "Magpie sells lamps, pots, bags and garden tools from small workshops. How we choose, whom we buy from and why we mend what breaks.",
        ),
        Search(
            "Über uns: wenige Dinge, in Ruhe ausgesucht | Magpie",
            "Magpie führt Lampen, Töpfe, Taschen und Gartengerät aus kleinen Werkstätten. Wie wir auswählen, bei wem wir kaufen und warum wir reparieren.",
        ),
    ),
    sections=(
        Hero(
            title=Both("A shop the size of a nest", "Ein Laden, groß wie ein Nest"),
            text=Both(
                "About seventy things from eight workshops. We know who made each of them, and how to mend it.",
                "Rund siebzig Dinge aus acht Werkstätten. Bei jedem wissen wir, wo es entstanden ist und wie man es repariert.",
            ),
            picture_of="garden-jug",
            link=Link(Both("See what we have for the home", "Ansehen, was wir fürs Wohnen haben"), "category:home"),
        ),
        RichText(
            Both(
                "<h2>How it began</h2><p>With a jug. It stood in a workshop window, it poured without dripping, and there was no shop far and wide in which one could have bought it. We asked for twelve, sold them from a kitchen table, and asked for twelve more. That is still how we work: we order what we would want to use ourselves, in a number that a small workshop can make without hurry.</p><h2>How we choose</h2><p>Everything stays with one of us for three months before it is let into the shop. It is used, left out in the rain, dropped and washed up. About one in ten passes. We then ask three questions: Can it be mended? Will it look better in ten years? Is it still made by those who designed it? Two times yes is not enough.</p><h2>What we pay</h2><p>The workshops name their price and we do not haggle. We pay half when we order and the rest on delivery, because clay, wool and copper want to be paid for before they become a bowl, a blanket or a pan.</p>",
                "<h2>Wie es anfing</h2><p>Mit einem Krug. Er stand im Fenster einer Werkstatt, goss, ohne zu tropfen, und weit und breit gab es keinen Laden, in dem man ihn hätte kaufen können. Wir bestellten zwölf, verkauften sie am Küchentisch und bestellten zwölf weitere. So halten wir es noch heute: Wir nehmen, was wir selbst benutzen würden, und zwar so viel, wie eine kleine Werkstatt ohne Eile fertigen kann.</p><h2>Wie wir auswählen</h2><p>Jedes Stück wohnt drei Monate bei einem von uns, bevor es in den Laden darf. Es wird benutzt, im Regen vergessen, fallen gelassen und abgewaschen. Etwa jedes zehnte besteht. Dann stellen wir drei Fragen: Lässt es sich reparieren? Wird es in zehn Jahren schöner sein als heute? Fertigen es noch die, die es entworfen haben? Zweimal ja ist uns zu wenig.</p><h2>Was wir zahlen</h2><p>Die Werkstätten nennen ihren Preis, und wir feilschen nicht. Die Hälfte zahlen wir bei der Bestellung, den Rest bei der Lieferung. Denn Ton, Wolle und Kupfer wollen bezahlt sein, bevor aus ihnen eine Schale, eine Decke oder ein Topf wird.</p>",
            )
        ),
        Quotation(
            text=Both(
                "A thing is worth keeping when you miss it on holiday.",
                "Behalten sollte man, was man im Urlaub vermisst.",
            ),
            attribution=Both("From our first order book", "Aus unserem ersten Bestellbuch"),
        ),
        Gallery(
            title=Both("From the workshops", "Aus den Werkstätten"),
            shots=(
                Shot(
                    "gourd-table-lamp",
                    Both(
                        "Lanternfold: the bases dry for nine days before they see the fire.",
                        "Lanternfold: Neun Tage trocknen die Füße, bevor sie ins Feuer kommen.",
                    ),
                ),
                Shot(
                    "shoreline-blanket",
                    Both(
                        "Loomward: three flocks, three colours, no dye.",
                        "Loomward: drei Herden, drei Farben, keine gefärbt.",
                    ),
                ),
                Shot(
                    "hearth-casserole",
                    Both(
                        "Ironroot: every mould is used once and then broken.",
                        "Ironroot: Jede Gussform dient nur einmal, dann wird sie zerschlagen.",
                    ),
                ),
                Shot(
                    "paddle-board",
                    Both(
                        "Whetstead: one plank, no glue, two coats of oil.",
                        "Whetstead: eine Bohle, kein Leim, zweimal geölt.",
                    ),
                ),
                Shot(
                    "market-tote",
                    Both(
                        "Saltmarsh: the handles are riveted and then stitched all the same.",
                        "Saltmarsh: Die Henkel werden genietet und trotzdem noch vernäht.",
                    ),
                ),
                Shot(
                    "hand-trowel",
                    Both(
                        "Hedgerow Works: ash from the hedge behind the forge.",
                        "Hedgerow Works: Esche aus der Hecke hinter der Schmiede.",
                    ),
                ),
            ),
        ),
        Questions(
            title=Both("What we are often asked", "Was wir oft gefragt werden"),
            questions=(
                Question(
                    Both("Can I see the things before I buy them?", "Kann ich die Dinge vor dem Kauf ansehen?"),
                    Both(
                        "<p>Yes. Most of them stand in our studio at Hofweg 4 in Berlin, Monday to Saturday from 10 to 18. Whatever you find there you can take with you, or have it sent.</p>",
                        "<p>Gern. Die meisten stehen in unserem Atelier im Hofweg 4 in Berlin, montags bis samstags von 10 bis 18 Uhr. Was Ihnen dort gefällt, nehmen Sie gleich mit oder lassen es sich schicken.</p>",
                    ),
                ),
                Question(
                    Both("Do you repair what you sell?", "Reparieren Sie auch, was Sie verkaufen?"),
                    Both(
                        "<p>Handles, zips, flexes, leather loops and anything with a screw. Write to us with a picture of the damage and we will tell you whether we send you the part or you send us the piece. Knives are sharpened free of charge for as long as you have them.</p>",
                        "<p>Griffe, Reißverschlüsse, Kabel, Lederschlaufen und alles, was eine Schraube hat. Schreiben Sie uns und legen Sie ein Bild des Schadens bei; dann sagen wir Ihnen, ob wir das Ersatzteil schicken oder Sie uns das Stück. Messer schärfen wir kostenlos, solange Sie sie haben.</p>",
                    ),
                ),
                Question(
                    Both(
                        "Why does my bowl not look like the picture?",
                        "Warum sieht meine Schale anders aus als im Bild?",
                    ),
                    Both(
                        "<p>Because it is another one. Glazes run, wood has grown and wool comes from an animal. Size and shape agree with what we describe, the rest is its own affair. If you do not take to it, send it back.</p>",
                        "<p>Weil es eine andere ist. Glasuren verlaufen, Holz ist gewachsen, und Wolle kommt von einem Tier. Größe und Form stimmen mit der Beschreibung überein, der Rest ist Charakter. Werden Sie nicht warm mit ihr, schicken Sie sie zurück.</p>",
                    ),
                ),
                Question(
                    Both("Something is sold out. Will it come back?", "Etwas ist ausverkauft. Kommt es wieder?"),
                    Both(
                        "<p>Mostly. Workshops make their things one after another, so it can take from three weeks to a year: the moon jars, for instance, are fired in October only. Our monthly letter says what is back.</p>",
                        "<p>Meistens ja. Werkstätten arbeiten ein Stück nach dem anderen ab, darum kann es drei Wochen dauern oder ein Jahr: Die Mondgefäße etwa werden nur im Oktober gebrannt. Was wieder da ist, steht in unserem monatlichen Brief.</p>",
                    ),
                ),
                Question(
                    Both("Would you sell what I make?", "Würden Sie auch führen, was ich herstelle?"),
                    Both(
                        "<p>Perhaps. Send us three pictures, your price and a sentence about what you would never change. If we are curious, we buy one piece at full price and use it for three months.</p>",
                        "<p>Vielleicht. Schicken Sie uns drei Bilder, Ihren Preis und einen Satz darüber, was Sie niemals ändern würden. Sind wir neugierig geworden, kaufen wir ein Stück zum vollen Preis und benutzen es drei Monate lang.</p>",
                    ),
                ),
            ),
        ),
        NEWSLETTER,
    ),
)

DELIVERY = Landing(
    title=Both("Delivery & returns", "Versand & Rückgabe"),
    slug=Both("delivery-and-returns", "versand-und-rueckgabe"),
    search=Both(
        Search(
            "Delivery & returns | Magpie",
            "What delivery costs within Germany, Europe and Switzerland, how long it takes, and how to send back within 30 days what you do not like.",
        ),
        Search(
            "Versand & Rückgabe | Magpie",
            "Was der Versand in Deutschland, Europa und der Schweiz kostet, wie lange er dauert und wie Sie binnen 30 Tagen zurückgeben, was nicht gefällt.",
        ),
    ),
    sections=(
        Hero(
            title=Both("Wrapped in paper, sent by us", "In Papier gewickelt, von uns verschickt"),
            text=Both(
                "Every parcel leaves our own store room within two working days. If something is not right, you have 30 days to send it back.",
                "Jedes Paket verlässt innerhalb von zwei Werktagen unser eigenes Lager. Passt etwas nicht, haben Sie 30 Tage Zeit, es zurückzugeben.",
            ),
            picture_of="garden-twine",
            link=Link(Both("Write to us", "Schreiben Sie uns"), "mailto:shop@example.com"),
        ),
        RichText(
            Both(
                "<h2>Within Germany</h2><ul><li><b>Parcel:</b> €4.90, free from €75; with you in 2 to 4 working days.</li><li><b>Express:</b> €12.90; ordered by 14:00, with you on the next working day.</li><li><b>Collect in the studio:</b> free; ready on the next working day, Monday to Saturday from 10 to 18.</li></ul><h2>To the rest of Europe</h2><ul><li><b>Parcel:</b> €6.90 plus €1.50 for every 2 kg or part of it, free from €150; with you in 4 to 7 working days.</li></ul><h2>To Switzerland</h2><ul><li><b>Parcel:</b> CHF 8.90, free from CHF 120; with you in 3 to 5 working days.</li></ul><h2>Large pieces</h2><p>Big pots, jars and the garden can travel in a box of their own. That adds €6 within Germany and €12 to the rest of Europe; the checkout says so before you pay.</p>",
                "<h2>Innerhalb Deutschlands</h2><ul><li><b>Paket:</b> 4,90 €, ab 75 € kostenlos; in 2 bis 4 Werktagen bei Ihnen.</li><li><b>Eilversand:</b> 12,90 €; bis 14 Uhr bestellt, am nächsten Werktag bei Ihnen.</li><li><b>Abholung im Atelier:</b> kostenlos; am nächsten Werktag bereit, montags bis samstags von 10 bis 18 Uhr.</li></ul><h2>In das übrige Europa</h2><ul><li><b>Paket:</b> 6,90 € zuzüglich 1,50 € je angefangene 2 kg, ab 150 € kostenlos; in 4 bis 7 Werktagen bei Ihnen.</li></ul><h2>In die Schweiz</h2><ul><li><b>Paket:</b> 8,90 Franken, ab 120 Franken kostenlos; in 3 bis 5 Werktagen bei Ihnen.</li></ul><h2>Große Stücke</h2><p>Große Töpfe, Gefäße und die Gartengießkanne reisen in einem eigenen Karton. Dafür kommen innerhalb Deutschlands 6 € und im übrigen Europa 12 € hinzu; an der Kasse sehen Sie das, bevor Sie bezahlen.</p>",
            )
        ),
        Quotation(
            text=Both(
                "Paper, cardboard, starch. Nothing in our parcels outlives the thing it protects.",
                "Papier, Pappe, Stärke. Nichts in unseren Paketen überlebt das Stück, das es schützt.",
            ),
            attribution=Both("On the wall of our packing table", "An der Wand über unserem Packtisch"),
        ),
        RichText(
            Both(
                "<h2>Sending something back</h2><p>You have 30 days from the day the parcel arrives, and you need not give a reason. The law asks for 14; good things need longer to be tried out.</p><ol><li>Choose what goes back in your order, or write to us with its number.</li><li>Pack it as it came. The box is made to be used twice.</li><li>Within Germany the label is free; from elsewhere you pay the postage, unless something was broken or wrong.</li></ol><p>We pay the money back within five working days after the parcel has reached us, in the way you paid. A gift card can be given back until its code has been used.</p><h2>When something arrives broken</h2><p>It happens seldom, and it is never your fault. Send us a picture within a week; you need not post the shards. We send another piece or pay you back, whichever you prefer.</p>",
                "<h2>Etwas zurückgeben</h2><p>Sie haben 30 Tage Zeit, gerechnet ab dem Tag, an dem das Paket ankommt, und brauchen keinen Grund zu nennen. Das Gesetz verlangt 14; gute Dinge wollen länger ausprobiert sein.</p><ol><li>Wählen Sie in Ihrer Bestellung aus, was zurückgeht, oder schreiben Sie uns mit der Bestellnummer.</li><li>Verpacken Sie es so, wie es kam. Der Karton ist dafür gemacht, zweimal benutzt zu werden.</li><li>Innerhalb Deutschlands ist die Rücksendung kostenlos; von anderswo tragen Sie das Porto, es sei denn, etwas war beschädigt oder falsch.</li></ol><p>Das Geld erstatten wir innerhalb von fünf Werktagen, nachdem das Paket bei uns ist, auf demselben Weg, auf dem Sie bezahlt haben. Ein Gutschein lässt sich zurückgeben, solange sein Code nicht eingelöst wurde.</p><h2>Wenn etwas zerbrochen ankommt</h2><p>Das ist selten und nie Ihre Schuld. Schicken Sie uns innerhalb einer Woche ein Bild; die Scherben dürfen Sie behalten. Wir senden Ihnen ein neues Stück oder erstatten den Preis, ganz wie Sie möchten.</p>",
            )
        ),
        Questions(
            title=Both("Short answers", "Kurz gefragt"),
            questions=(
                Question(
                    Both("Where is my parcel?", "Wo ist mein Paket?"),
                    Both(
                        "<p>As soon as it leaves us you receive an e-mail with the tracking number. If nothing has moved for three days, write to us and we will look for it.</p>",
                        "<p>Sobald es unser Haus verlässt, erhalten Sie eine E-Mail mit der Sendungsnummer. Bewegt sich drei Tage lang nichts, schreiben Sie uns, und wir machen uns auf die Suche.</p>",
                    ),
                ),
                Question(
                    Both("Can I still change my order?", "Kann ich meine Bestellung noch ändern?"),
                    Both(
                        "<p>Until it is packed, yes, which is usually until noon on the following day. A short message with the order number will do.</p>",
                        "<p>Bis sie gepackt ist, meist also bis zum Mittag des folgenden Tages. Eine kurze Nachricht mit der Bestellnummer genügt.</p>",
                    ),
                ),
                Question(
                    Both("Do you wrap presents?", "Packen Sie auch Geschenke ein?"),
                    Both(
                        "<p>Everything comes in tissue paper with a ribbon of jute anyway. The invoice is sent by e-mail, so that no price lies in the box.</p>",
                        "<p>Bei uns kommt ohnehin alles in Seidenpapier mit einem Band aus Jute. Die Rechnung schicken wir per E-Mail, im Karton liegt also kein Preis.</p>",
                    ),
                ),
            ),
        ),
        Link(Both("Give a gift card instead", "Lieber einen Gutschein schenken"), "category:gift-cards"),
    ),
)

LANDINGS: tuple[Landing, ...] = (ABOUT, DELIVERY)

BRANDS: dict[str, Both[str]] = {
    "lanternfold": Both(
        "Lanternfold makes lamps of clay, steel and paper in a former gasworks. Every shade is sewn or spun in the house, and every flex can be replaced. There is hardly a part in a Lanternfold lamp that a screwdriver cannot reach.",
        "Lanternfold fertigt in einem alten Gaswerk Lampen aus Ton, Stahl und Papier. Jeder Schirm entsteht im Haus, und jedes Kabel lässt sich austauschen. Es gibt kaum ein Teil, an das man nicht mit einem Schraubendreher herankäme.",
    ),
    "kilnside": Both(
        "A pottery with two wheels, one kiln for every day and one for October. Kilnside digs part of its clay itself and mixes all of its glazes. Everything is made to be used daily and washed up without ceremony.",
        "Eine Töpferei mit zwei Scheiben, einem Ofen für alle Tage und einem für den Oktober. Kilnside gräbt einen Teil des Tons selbst und mischt jede Glasur im Haus. Alles ist für den täglichen Gebrauch gemacht und darf ohne Umstände gespült werden.",
    ),
    "loomward": Both(
        "Loomward weaves wool, linen and cotton on looms that are older than anyone who works at them. The patterns are in the cloth and not on it. Much of the yarn is the colour of the sheep.",
        "Loomward webt Wolle, Leinen und Baumwolle auf Webstühlen, die älter sind als alle, die an ihnen arbeiten. Die Muster sind im Stoff und nicht darauf. Manches Garn trägt noch die Farbe seiner Schafe.",
    ),
    "waxwing": Both(
        "Waxwing pours, dips and rolls candles from beeswax and rapeseed wax. Scent is used sparingly, and colour goes right through. Empty tins and cups come back to the workshop and are filled again.",
        "Waxwing gießt, taucht und rollt Kerzen aus Bienen- und Rapswachs. Mit Duft wird gespart, gefärbt wird durch und durch. Leere Dosen und Becher kommen zurück in die Werkstatt und werden neu gefüllt.",
    ),
    "ironroot": Both(
        "A small foundry that casts, spins and enamels cookware. Ironroot sells every handle and every lid singly, because pots seldom die of their bodies. Most pieces carry on where a grandmother's left off.",
        "Eine kleine Gießerei, die Kochgeschirr gießt, drückt und emailliert. Griffe und Deckel verkauft Ironroot auch einzeln, denn am Topf selbst liegt es selten, wenn einer ausgedient hat. Die meisten Stücke machen weiter, wo die der Großmutter aufgehört haben.",
    ),
    "whetstead": Both(
        "Whetstead forges knives and planes boards under one roof, so that the one does not blunt the other. The timber is seasoned for three years before it is cut. What becomes dull is sharpened without charge.",
        "Whetstead schmiedet Messer und hobelt Bretter unter einem Dach, damit das eine das andere nicht stumpf macht. Das Holz lagert drei Jahre, ehe es zugeschnitten wird. Was stumpf geworden ist, wird kostenlos geschärft.",
    ),
    "saltmarsh": Both(
        "Bags of waxed canvas and vegetable-tanned leather, sewn a bicycle ride from the sea. Saltmarsh builds each of them so that any cobbler can take it apart and put it together again. They are meant to get wet.",
        "Taschen aus gewachstem Segeltuch und pflanzlich gegerbtem Leder, genäht eine Radtour vom Meer entfernt. Saltmarsh baut jede so, dass eine Schusterei sie zerlegen und wieder zusammensetzen kann. Nass werden darf jede von ihnen.",
    ),
    "hedgerow-works": Both(
        "Hedgerow Works makes tools, cans and pots for gardens of every size. Blades are forged and riveted, handles turned from ash that grew near by. Everything balances, even when it is full.",
        "Hedgerow Works fertigt Werkzeug, Kannen und Töpfe für Gärten jeder Größe. Die Blätter sind geschmiedet und genietet, die Griffe aus Eschenholz gedrechselt, das in der Nähe wuchs. Alles liegt gut in der Hand, auch wenn es voll ist.",
    ),
    "magpie": Both(
        "What bears our own name: gift cards for people who like to choose for themselves. We make little ourselves, since others do it better.",
        "Was unseren eigenen Namen trägt: Gutscheine für alle, die gern selbst aussuchen. Selbst stellen wir wenig her, denn andere können es besser.",
    ),
}

VENDORS: tuple[Vendor, ...] = (
    Vendor(
        "werkhof-lindenau",
        name="Werkhof Lindenau",
        description=Both(
            "A joinery and turnery in a former brickyard, with a kiln for wood instead of clay. It planes, turns and oils whatever in our shop is made of oak, ash, beech or walnut. The shavings heat the neighbours' greenhouse.",
            "Tischlerei und Drechslerei in einer ehemaligen Ziegelei, in deren Ofen heute Holz trocknet statt Ton. Hier wird gehobelt, gedrechselt und geölt, was bei uns aus Eiche, Esche, Buche oder Nussbaum ist. Die Späne heizen das Gewächshaus nebenan.",
        ),
        products=("spindle-lamp", "paddle-board", "end-grain-block", "round-bread-board", "dibber", "potting-brush"),
    ),
    Vendor(
        "naehstube-am-kanal",
        name="Nähstube am Kanal",
        description=Both(
            "Five sewing machines, a cutting table and a window on the water. The workshop sews totes, pouches and linen sacks in small runs, and mends them when they come back. Offcuts become loops, labels and hangers.",
            "Fünf Nähmaschinen, ein Zuschneidetisch und ein Fenster zum Wasser. Hier entstehen in kleinen Mengen Tragetaschen, Mäppchen und Leinenbeutel, und hier werden sie auch geflickt. Aus den Resten werden Schlaufen, Etiketten und Aufhänger.",
        ),
        products=("market-tote", "deck-stripe-tote", "dipped-tote", "pencil-pouch", "linen-drawstring", "tool-pouch"),
    ),
)

COLLECTIONS: dict[str, Both[str]] = {
    "gifts-under-30": Both(
        "Small things with a long life, none of them for more than thirty. Wrapped in tissue paper and tied with jute, as everything is.",
        "Kleine Dinge mit langem Leben, keines für mehr als dreißig. In Seidenpapier gewickelt und mit Jute gebunden, wie alles bei uns.",
    ),
    "new-this-month": Both(
        "What has come in during the last thirty days. We add a few things a month and say no to a great many.",
        "Was in den letzten dreißig Tagen dazugekommen ist. Jeden Monat sind es ein paar Stücke, und zu sehr vielen sagen wir nein.",
    ),
    "winter-evenings": Both(
        "Wool, wax, warm light and a pot that takes its time: what we reach for once it is dark at five.",
        "Wolle, Wachs, warmes Licht und ein Topf, der sich Zeit lässt: wonach wir greifen, wenn es um fünf schon dunkel ist.",
    ),
    "a-first-kitchen": Both(
        "Seven pieces with which almost everything can be cooked, cut and served. They will still be there in the third kitchen.",
        "Sieben Stücke, mit denen sich fast alles kochen, schneiden und auftragen lässt. In der dritten Küche sind sie immer noch dabei.",
    ),
    "balcony-season": Both(
        "For a garden that is as wide as a chair: a box, a pot, a can, a fork and something to tie up the beans.",
        "Für einen Garten, so breit wie ein Stuhl: ein Kasten, ein Topf, eine Kanne, eine Gabel und etwas, um die Bohnen hochzubinden.",
    ),
}
"""What introduces each collection."""

MAIN_MENU: tuple[Link, ...] = (
    Link(Both("Home", "Wohnen"), "category:home"),
    Link(Both("Kitchen", "Küche"), "category:kitchen"),
    Link(Both("Bags", "Taschen"), "category:bags"),
    Link(Both("Garden", "Garten"), "category:garden"),
    Link(Both("Gifts", "Geschenke"), "collection:gifts-under-30"),
    Link(Both("Journal", "Journal"), "journal"),
)

FOOTER_MENU: tuple[Column, ...] = (
    Column(
        Both("Shop", "Sortiment"),
        (
            Link(Both("Home", "Wohnen"), "category:home"),
            Link(Both("Kitchen", "Küche"), "category:kitchen"),
            Link(Both("Bags", "Taschen"), "category:bags"),
            Link(Both("Garden", "Garten"), "category:garden"),
            Link(Both("Gift cards", "Gutscheine"), "category:gift-cards"),
        ),
    ),
    Column(
        Both("Magpie", "Über Magpie"),
        (
            Link(Both("About us", "Über uns"), "page:about-us"),
            Link(Both("Journal", "Journal"), "journal"),
        ),
    ),
    Column(
        Both("Help", "Hilfe"),
        (
            Link(Both("Delivery & returns", "Versand & Rückgabe"), "page:delivery-and-returns"),
            Link(Both("Write to us", "Schreiben Sie uns"), "mailto:shop@example.com"),
        ),
    ),
)

SITE = SiteWords(
    tagline=Both("Things worth keeping", "Dinge, die bleiben"),
    footer=Both(
        "Chosen slowly, wrapped in paper, mended when it breaks.",
        "In Ruhe ausgesucht, in Papier gewickelt und repariert, wenn etwas bricht.",
    ),
    contact_email="shop@example.com",
    address="Hofweg 4\n10115 Berlin",
    opening_hours=Both("Monday to Saturday, 10 to 18", "Montag bis Samstag, 10 bis 18 Uhr"),
)
