"""The demo shop's journal: five articles in English and German, side by side."""

# ruff: noqa: E501 - a paragraph of copy stays on its line

from __future__ import annotations

from dataclasses import dataclass

from demo.catalogue import Block
from demo.wording import Both, heading, paragraph, product, quote


@dataclass(frozen=True)
class ArticleWords:
    title: str
    slug: str
    standfirst: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Film:
    """A video that anybody may show, below the article; `poster_of` names the product whose first picture covers it."""

    introduction: Both[str]
    title: Both[str]
    address: str
    poster_of: str


@dataclass(frozen=True)
class Article:
    """`lead` is the product whose first picture heads the article; `products` stand in a row below it."""

    author: Both[str]
    published_days_ago: int
    lead: str
    products: tuple[str, ...]
    words: Both[ArticleWords]
    film: Film | None = None


JOURNAL = Both(
    ArticleWords(
        "Journal",
        slug="journal",
        standfirst="From the workshops: how things are made, and how to look after them.",
        body=(),
    ),
    ArticleWords(
        "Journal",
        slug="journal",
        standfirst="Aus den Werkstätten: wie Dinge entstehen und wie man sie pflegt.",
        body=(),
    ),
)
"""The page that lists the articles."""

ROW_TITLE = Both("From this story", "Aus dieser Geschichte")

_GLAZE = Article(
    author=Both("Kilnside workshop", "Werkstatt Kilnside"),
    published_days_ago=6,
    lead="tideline-vase",
    products=("tideline-vase", "half-dipped-mug", "reed-bud-vase", "morning-mug"),
    words=Both(
        ArticleWords(
            "Where two glazes meet",
            slug="where-two-glazes-meet",
            standfirst="A glaze is a thin layer of glass that has not decided yet. A visit on the day the kiln is opened.",
            body=(
                paragraph(
                    "The kiln is still at ninety degrees when the first bricks come out of its door. Nobody is supposed to look inside yet. Everybody does. Three weeks of work stand in there, and until this moment nobody knows what has become of it."
                ),
                paragraph(
                    "Before firing, a glaze is a grey soup: quartz, chalk, clay and a few spoonfuls of metal. Copper turns green or red, iron brown or blue, depending on how much air the fire gets. The colour you see in the bucket has nothing to do with the one you will drink from."
                ),
                heading("Dipped twice"),
                paragraph(
                    "For the Tideline vase the potter holds the raw piece by its foot, lowers it into the first bucket up to the belly, and counts to three. A day later it goes into the second bucket, head first. The two coats overlap by the width of a finger."
                ),
                product("tideline-vase"),
                paragraph(
                    "At 1,240 degrees both coats melt, and in that overlap they start to run into one another. One is a little stiffer, the other a little thinner, and the line they settle on is never straight. On some vases it looks like a shore, on others like the edge of a cloud."
                ),
                quote("You can decide everything except the one thing people will look at."),
                heading("What is left bare"),
                paragraph(
                    "The opposite of a glaze is patience. On the half-dipped mug the lower half gets nothing at all. While the clay is leather-hard it is rubbed with the back of a spoon, round and round, until the fine particles lie flat and the surface begins to shine. No colour is added; it is the clay itself, made tidy."
                ),
                paragraph(
                    "About one piece in twelve does not make it out of the kiln as planned. Those with a hairline crack are broken up and ground into the next batch of clay. Those that are only different stay on a shelf in the workshop, and it is from this shelf that everyone who works there drinks their coffee."
                ),
            ),
        ),
        ArticleWords(
            "Wo sich zwei Glasuren treffen",
            slug="wo-sich-zwei-glasuren-treffen",
            standfirst="Eine Glasur ist eine dünne Schicht Glas, die sich noch nicht entschieden hat. Ein Besuch am Tag, an dem der Ofen geöffnet wird.",
            body=(
                paragraph(
                    "Der Ofen hat noch neunzig Grad, als die ersten Steine aus der Tür genommen werden. Hineinschauen soll man jetzt noch nicht. Alle tun es. Drei Wochen Arbeit stehen dort drin, und bis zu diesem Augenblick weiß niemand, was aus ihnen geworden ist."
                ),
                paragraph(
                    "Vor dem Brand ist eine Glasur graue Suppe: Quarz, Kreide, Ton und ein paar Löffel Metall. Kupfer wird grün oder rot, Eisen braun oder blau, je nachdem, wie viel Luft das Feuer bekommt. Die Farbe im Eimer hat mit der, aus der Sie später trinken, nichts zu tun."
                ),
                heading("Zweimal getaucht"),
                paragraph(
                    "Für die Vase Gezeiten wird das rohe Stück am Fuß gehalten, bis zum Bauch in den ersten Eimer gesenkt, und dann wird bis drei gezählt. Einen Tag später geht es kopfüber in den zweiten Eimer. Beide Schichten überlappen sich um eine Fingerbreite."
                ),
                product("tideline-vase"),
                paragraph(
                    "Bei 1240 Grad schmelzen beide, und wo sie übereinanderliegen, beginnen sie ineinanderzulaufen. Die eine ist etwas zäher, die andere etwas flüssiger, und die Linie, auf die sie sich einigen, ist niemals gerade. Auf manchen Vasen sieht sie aus wie ein Ufer, auf anderen wie der Rand einer Wolke."
                ),
                quote("Man kann alles bestimmen, nur nicht das eine, was alle ansehen werden."),
                heading("Was unbedeckt bleibt"),
                paragraph(
                    "Das Gegenteil der Glasur ist die Geduld. Beim halb getauchten Becher bekommt die untere Hälfte gar nichts. Solange der Ton lederhart ist, wird er mit einem Löffelrücken gerieben, immer im Kreis, bis die feinen Teilchen flach liegen und die Oberfläche zu schimmern beginnt. Farbe kommt keine hinzu; es ist der Ton selbst, nur aufgeräumt."
                ),
                paragraph(
                    "Etwa jedes zwölfte Stück verlässt den Ofen nicht so, wie es geplant war. Was einen Haarriss hat, wird zerschlagen und in den nächsten Ton gemahlen. Was bloß anders geworden ist, bleibt in der Werkstatt auf einem Brett stehen, und von diesem Brett nehmen sich alle, die dort arbeiten, ihren Kaffeebecher."
                ),
            ),
        ),
    ),
)

_PAN = Article(
    author=Both("Ironroot foundry", "Gießerei Ironroot"),
    published_days_ago=19,
    lead="skillet",
    products=("skillet", "hearth-casserole", "copper-saucepan", "milk-pan"),
    words=Both(
        ArticleWords(
            "A pan is finished by its owner",
            slug="a-pan-is-finished-by-its-owner",
            standfirst="Iron is not difficult. It only wants to be treated the same way every time. How to season, clean and rescue a pan.",
            body=(
                paragraph(
                    "When an iron pan leaves our workshop it is black, smooth and about half done. We have baked the first layer of oil into it. The other fifty come from you, one supper at a time, and after a year no two of our pans are the same."
                ),
                heading("What seasoning is"),
                paragraph(
                    "Heat a thin film of oil past its smoking point and it turns into something else: a hard, dark skin that holds on to the metal. It is not a coating that somebody sprayed on. If it is scratched, it grows back. That is the whole secret, and the reason why such a pan can be handed down."
                ),
                product("skillet"),
                heading("The first week"),
                paragraph(
                    "Begin with things that bring their own fat: bacon, sausages, potatoes in plenty of butter. Leave tomatoes, wine and lemon for later, because acid eats young seasoning. Let the pan warm up slowly on a middling flame before anything goes in. If a drop of water dances, it is ready."
                ),
                quote("Most pans that stick are not bad pans. They are cold pans."),
                heading("Afterwards"),
                paragraph(
                    "Hot water, a brush, no soap. Dry the pan on the hob for a minute, put in three drops of oil and wipe until you think that you have wiped it all off again. What you can no longer see is the right amount. Too much oil turns sticky, and this is the commonest complaint we hear."
                ),
                heading("When it rusts"),
                paragraph(
                    "It happens: a damp cellar, a kind guest, a dishwasher. Rub the orange away with steel wool and a little oil, down to bare grey metal if need be. Rinse, dry, oil thinly, and leave the pan upside down in the oven at 250 degrees for an hour. Do this three times and it is as good as on the day you bought it."
                ),
                paragraph(
                    "Our enamelled casserole needs none of this. Soak it, wash it, forget it until morning. We think of the two as a dog and a cat: both good company, but only one of them wants to be walked."
                ),
            ),
        ),
        ArticleWords(
            "Fertig wird eine Pfanne erst bei Ihnen",
            slug="fertig-wird-eine-pfanne-erst-bei-ihnen",
            standfirst="Eisen ist nicht schwierig. Es will nur jedes Mal gleich behandelt werden. Wie Sie eine Pfanne einbrennen, reinigen und retten.",
            body=(
                paragraph(
                    "Wenn eine Eisenpfanne unsere Werkstatt verlässt, ist sie schwarz, glatt und ungefähr zur Hälfte fertig. Die erste Schicht Öl haben wir eingebrannt. Die anderen fünfzig kommen von Ihnen, ein Abendessen nach dem anderen, und nach einem Jahr gleicht keine unserer Pfannen mehr der anderen."
                ),
                heading("Was beim Einbrennen geschieht"),
                paragraph(
                    "Erhitzt man einen dünnen Film Öl über seinen Rauchpunkt hinaus, wird etwas anderes daraus: eine harte, dunkle Haut, die sich am Metall festhält. Sie ist keine aufgesprühte Beschichtung. Wird sie zerkratzt, wächst sie nach. Das ist das ganze Geheimnis und der Grund, warum sich solche Pfannen vererben lassen."
                ),
                product("skillet"),
                heading("Die erste Woche"),
                paragraph(
                    "Beginnen Sie mit allem, was sein eigenes Fett mitbringt: Speck, Würste, Kartoffeln in reichlich Butter. Tomaten, Wein und Zitrone warten noch, denn Säure greift die junge Schicht an. Lassen Sie die Pfanne bei mittlerer Hitze langsam warm werden, bevor etwas hineinkommt. Tanzt ein Wassertropfen, ist sie so weit."
                ),
                quote("Die meisten Pfannen, in denen etwas klebt, sind keine schlechten Pfannen. Es sind kalte."),
                heading("Danach"),
                paragraph(
                    "Heißes Wasser, eine Bürste, kein Spülmittel. Trocknen Sie die Pfanne eine Minute auf dem Herd, geben Sie drei Tropfen Öl hinein und reiben Sie, bis Sie glauben, alles wieder herausgewischt zu haben. Was Sie nicht mehr sehen, ist die richtige Menge. Zu viel Öl wird klebrig; darüber hören wir die meisten Klagen."
                ),
                heading("Wenn sie rostet"),
                paragraph(
                    "Das kommt vor: ein feuchter Keller, ein hilfsbereiter Gast, eine Spülmaschine. Reiben Sie das Orange mit Stahlwolle und etwas Öl ab, wenn nötig bis aufs graue Metall. Abspülen, trocknen, dünn ölen und die Pfanne umgedreht für eine Stunde bei 250 Grad in den Backofen stellen. Dreimal wiederholt, ist sie so gut wie am ersten Tag."
                ),
                paragraph(
                    "Unser emaillierter Schmortopf braucht nichts davon. Weichen Sie ihn ein, spülen Sie ihn, vergessen Sie ihn bis zum Morgen. Für uns sind die beiden wie Hund und Katze: Man lebt mit beiden gern, aber nur einer will ausgeführt werden."
                ),
            ),
        ),
    ),
)

_WAX = Article(
    author=Both("Saltmarsh workshop", "Werkstatt Saltmarsh"),
    published_days_ago=33,
    lead="harbour-rolltop",
    products=("harbour-rolltop", "two-tone-rolltop", "allotment-bag", "tool-pouch"),
    words=Both(
        ArticleWords(
            "An hour for the canvas",
            slug="an-hour-for-the-canvas",
            standfirst="Waxed cloth keeps out the rain for decades if you sit down with it once a year. All you need is a tin, a rag and a hairdryer.",
            body=(
                paragraph(
                    "Sailors were the first to notice that wet sails hold the wind better, and that sails soaked in oil stay dry. What began with fish oil and smelled of it became linseed, later paraffin and beeswax. Ours is half of each, and it smells of a cupboard in which somebody once kept honey."
                ),
                paragraph(
                    "The wax does not lie on the cloth; it sits between the threads and fills the gaps. Where a bag bends, it cracks into pale lines. This is not wear. Put the warm flat of your hand on the spot, and the line is gone."
                ),
                heading("When it is time"),
                paragraph(
                    "Sprinkle a little water on the lid. If it stands in beads, close the cupboard and come back next year. If it soaks in and leaves dark patches, it is time. With a bag that goes to work every day, this happens about once every autumn."
                ),
                product("harbour-rolltop"),
                heading("How to do it"),
                paragraph(
                    "Empty the bag, brush it out, and wipe it with cold water. No soap and never the washing machine: both of them take out in an hour what took us a day to put in. Let it dry overnight."
                ),
                paragraph(
                    "Warm the tin of wax in a bowl of hot water until it is as soft as shoe polish. Rub it in with a cotton rag, in small circles, one panel at a time; be generous along the seams and mean in the middle. Then go over it with a hairdryer. You will see the wax turn glassy and disappear. That is the moment you have been waiting for."
                ),
                quote("A bag that has been waxed three times knows whose it is."),
                paragraph(
                    "Hang it up somewhere warm for a day, away from light-coloured coats. After that it is ready for ordinary weather, which is to say for the platform, the bicycle and the bench that somebody said was dry."
                ),
                paragraph(
                    "If you would rather not do it yourself, bring the bag to the studio in October. We wax whatever comes, whoever made it, and we have coffee."
                ),
            ),
        ),
        ArticleWords(
            "Eine Stunde fürs Segeltuch",
            slug="eine-stunde-fuers-segeltuch",
            standfirst="Gewachstes Tuch hält jahrzehntelang den Regen ab, wenn Sie ihm einmal im Jahr eine Stunde gönnen. Mit Dose, Lappen und Föhn.",
            body=(
                paragraph(
                    "Seeleute bemerkten zuerst, dass nasse Segel den Wind besser halten und dass in Öl getränkte trocken bleiben. Was mit Fischtran begann und auch so roch, wurde zu Leinöl, später zu Paraffin und Bienenwachs. Unseres besteht je zur Hälfte aus beidem und riecht wie ein Schrank, in dem einmal Honig stand."
                ),
                paragraph(
                    "Das Wachs liegt nicht auf dem Stoff; es sitzt zwischen den Fäden und füllt die Lücken. Wo sich eine Tasche biegt, bricht es in helle Linien. Das ist keine Abnutzung. Legen Sie die warme Hand auf die Stelle, und die Linie ist fort."
                ),
                heading("Wann es so weit ist"),
                paragraph(
                    "Spritzen Sie ein wenig Wasser auf die Klappe. Perlt es ab, schließen Sie den Schrank und kommen im nächsten Jahr wieder. Zieht es ein und hinterlässt dunkle Flecken, ist es Zeit. Bei einer Tasche, die jeden Tag zur Arbeit mitkommt, ist das etwa einmal im Herbst der Fall."
                ),
                product("harbour-rolltop"),
                heading("Wie es geht"),
                paragraph(
                    "Leeren Sie die Tasche, bürsten Sie sie aus und wischen Sie sie mit kaltem Wasser ab. Keine Seife und niemals die Waschmaschine: Beide holen in einer Stunde heraus, was wir an einem Tag hineingebracht haben. Über Nacht trocknen lassen."
                ),
                paragraph(
                    "Wärmen Sie die Wachsdose in einer Schüssel mit heißem Wasser, bis das Wachs weich ist wie Schuhcreme. Reiben Sie es mit einem Baumwolllappen ein, in kleinen Kreisen, Fläche für Fläche; an den Nähten großzügig, in der Mitte sparsam. Dann kommt der Föhn. Sie sehen, wie das Wachs glasig wird und verschwindet. Auf diesen Augenblick haben Sie gewartet."
                ),
                quote("Eine Tasche, die dreimal gewachst wurde, weiß, zu wem sie gehört."),
                paragraph(
                    "Hängen Sie sie einen Tag lang ins Warme, mit Abstand zu hellen Mänteln. Danach ist sie bereit für gewöhnliches Wetter, also für den Bahnsteig, das Fahrrad und die Bank, von der es hieß, sie sei trocken."
                ),
                paragraph(
                    "Wenn Sie es lieber nicht selbst machen, bringen Sie die Tasche im Oktober in unser Atelier. Wir wachsen alles, was kommt, ganz gleich, wer es genäht hat, und Kaffee gibt es auch."
                ),
            ),
        ),
    ),
)

_TABLE = Article(
    author=Both("The Magpie studio", "Das Magpie-Atelier"),
    published_days_ago=47,
    lead="nesting-bowls",
    products=("rimmed-plates", "nesting-bowls", "garden-jug", "twist-tapers", "bakers-tea-towels", "halo-pendant"),
    words=Both(
        ArticleWords(
            "A long table for a short evening",
            slug="a-long-table-for-a-short-evening",
            standfirst="Eight people, six matching plates and one lamp too many. What we have learned about setting a table that nobody wants to leave.",
            body=(
                paragraph(
                    "Every September we carry three trestle tables into the yard behind the studio and invite the people who make our things. It is the only day of the year on which all of them sit at the same table, and the only day on which nobody is allowed to talk about delivery dates."
                ),
                heading("Do not count the plates"),
                paragraph(
                    "A table on which everything matches looks like a photograph. Put two colours of plate side by side, alternate them, and let the odd one be the host's. The rim of bare clay ties them together. What should be the same all along the table is the glass, because it catches the light, and a row of lights calms the eye."
                ),
                product("rimmed-plates"),
                heading("Low things in the middle"),
                paragraph(
                    "Whatever stands higher than a hand should be so thin that you can look past it: a taper, one stem in a narrow vase. Bowls go in the middle, and there should be three small ones rather than a large one, so that nobody has to ask for the salt across five people. A folded tea towel under a hot pot looks better than any mat, and it is in reach when somebody spills."
                ),
                quote("If people have to stand up to pass the bread, you have set it well."),
                heading("Light from one side"),
                paragraph(
                    "Hang one lamp over the end of the table and light the rest with candles. The lamp is for the food, the candles are for the faces. Light them before the guests come; a candle that has burned for twenty minutes has found its flame and stops flickering."
                ),
                heading("And then nothing more"),
                paragraph(
                    "Leave a quarter of the table empty. You will need it, for the second loaf, for somebody's elbows, for the bottle they brought although you told them not to. At our last supper the jug that we had filled with dahlias was emptied at nine, rinsed, and went round with water until one in the morning. It has not been a vase since."
                ),
            ),
        ),
        ArticleWords(
            "Eine lange Tafel für einen kurzen Abend",
            slug="eine-lange-tafel-fuer-einen-kurzen-abend",
            standfirst="Acht Gäste, sechs gleiche Teller und eine Lampe zu viel. Was wir über Tische gelernt haben, von denen niemand aufstehen mag.",
            body=(
                paragraph(
                    "Jeden September tragen wir drei Tische auf Böcken in den Hof hinter dem Atelier und laden alle ein, die unsere Dinge herstellen. Es ist der einzige Tag im Jahr, an dem sie gemeinsam an einer Tafel sitzen, und der einzige, an dem niemand über Liefertermine sprechen darf."
                ),
                heading("Zählen Sie die Teller nicht"),
                paragraph(
                    "Ein Tisch, auf dem alles zusammenpasst, sieht aus wie ein Foto. Stellen Sie zwei Tellerfarben nebeneinander, im Wechsel, und nehmen Sie den, der übrig bleibt, selbst. Der Rand aus blankem Ton hält sie zusammen. Gleich sein sollten auf der ganzen Länge nur die Gläser: Sie fangen das Licht, und eine Reihe von Lichtern beruhigt das Auge."
                ),
                product("rimmed-plates"),
                heading("In die Mitte, was niedrig ist"),
                paragraph(
                    "Was höher steht als eine Hand, sollte so schmal sein, dass Sie daran vorbeischauen: eine Leuchterkerze, ein einzelner Stiel in einer engen Vase. Die Schalen gehören in die Mitte, lieber drei kleine als eine große, damit niemand über fünf Leute hinweg um Salz bitten muss. Ein gefaltetes Geschirrtuch unter dem heißen Topf sieht besser aus als jeder Untersetzer und ist zur Hand, wenn etwas verschüttet wird."
                ),
                quote("Wenn man aufstehen muss, um das Brot weiterzureichen, haben Sie gut gedeckt."),
                heading("Licht von einer Seite"),
                paragraph(
                    "Hängen Sie eine Lampe über das Ende des Tisches und überlassen Sie den Rest den Kerzen. Die Lampe ist für das Essen da, die Kerzen sind es für die Gesichter. Zünden Sie sie an, bevor Ihre Gäste kommen: Nach zwanzig Minuten hat eine Kerze ihre Flamme gefunden und flackert nicht mehr."
                ),
                heading("Und dann nichts weiter"),
                paragraph(
                    "Lassen Sie ein Viertel des Tisches frei. Sie werden es brauchen: für das zweite Brot, für die Ellbogen, für die Flasche, die doch jemand mitbringt, obwohl Sie darum gebeten hatten, es zu lassen. Bei unserem letzten Essen wurde der Krug mit den Dahlien um neun geleert, ausgespült und machte bis ein Uhr nachts mit Wasser die Runde. Eine Vase ist er seither nicht mehr gewesen."
                ),
            ),
        ),
    ),
    film=Film(
        introduction=Both(
            "<h2>When the plates are empty</h2><p>We hang a sheet over the bookcase and show a short film. It should have no words, so that those who are washing up miss nothing, and it should be over before the candles are.</p>",
            "<h2>Wenn die Teller leer sind</h2><p>Wir hängen ein Laken vors Regal und zeigen einen kurzen Film. Er sollte ohne Worte auskommen, damit niemand etwas verpasst, der gerade abspült, und zu Ende sein, ehe es die Kerzen sind.</p>",
        ),
        title=Both(
            "Big Buck Bunny, an open film by the Blender Foundation",
            "Big Buck Bunny, ein freier Film der Blender Foundation",
        ),
        address="https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        poster_of="halo-pendant",
    ),
)

_SILL = Article(
    author=Both("Hedgerow Works", "Hedgerow Works"),
    published_days_ago=62,
    lead="herb-box",
    products=("herb-box", "terrace-pot", "long-spout-can", "hand-fork", "garden-twine"),
    words=Both(
        ArticleWords(
            "A garden one metre long",
            slug="a-garden-one-metre-long",
            standfirst="Four herbs, one box, a sill that gets the sun until noon. How to keep a small garden alive in which you can stand a cup of coffee.",
            body=(
                paragraph(
                    "Most of our tools go to people with a garden. Most of our letters come from people without one. They ask whether it is worth the trouble: a window sill, a balcony as wide as a chair, two hours of sun. It is, if you are willing to grow few things and to look at them often."
                ),
                heading("Four that get along"),
                paragraph(
                    "Thyme, sage, rosemary and savory come from the same dry hills. They want the same soil, half of it sand, and the same neglect. Basil and parsley are lovely, but they drink every day, and whoever shares a box with them drowns. Give those a pot of their own."
                ),
                product("herb-box"),
                heading("Water by feel"),
                paragraph(
                    "Put a finger into the soil up to the second knuckle. If it comes out with crumbs on it, wait. If it comes out clean, water slowly, right at the stem and not over the leaves, until a little runs into the tray. After a quarter of an hour, tip away what is left. More herbs are killed by kindness than by holidays."
                ),
                quote("Look every day, water every third."),
                heading("Cut more than you dare"),
                paragraph(
                    "A herb that is never cut becomes a shrub with a few leaves at the top. Take the tips, always just above a pair of leaves, and two shoots will grow where there was one. Stop in September, so that the last growth can ripen before the frost."
                ),
                heading("Over the winter"),
                paragraph(
                    "In cold, it is the roots that freeze, not the leaves. Move the box up against the wall, wrap it in sacking tied with a few turns of twine, and stand it on two pieces of wood so that the water can drain. Give it a sip on mild days. In March, loosen the top layer with a fork, work in a handful of compost, and put your cup back in its place."
                ),
            ),
        ),
        ArticleWords(
            "Ein Garten, einen Meter lang",
            slug="ein-garten-einen-meter-lang",
            standfirst="Vier Kräuter, ein Kasten, eine Fensterbank mit Sonne bis Mittag: So gedeiht ein kleiner Garten, in dem noch eine Kaffeetasse Platz hat.",
            body=(
                paragraph(
                    "Unser Werkzeug geht meist an Menschen mit Garten. Unsere Post kommt meist von Menschen ohne. Ob sich die Mühe lohne, fragen sie: eine Fensterbank, ein Balkon, so breit wie ein Stuhl, zwei Stunden Sonne. Sie lohnt sich, wenn Sie bereit sind, wenig anzubauen und oft danach zu sehen."
                ),
                heading("Vier, die sich vertragen"),
                paragraph(
                    "Thymian, Salbei, Rosmarin und Bohnenkraut stammen von denselben trockenen Hügeln. Sie mögen dieselbe Erde, zur Hälfte Sand, und dieselbe Vernachlässigung. Basilikum und Petersilie sind etwas Feines, aber sie trinken jeden Tag, und wer mit ihnen den Kasten teilt, ertrinkt. Geben Sie ihnen einen eigenen Topf."
                ),
                product("herb-box"),
                heading("Mit Gefühl gießen"),
                paragraph(
                    "Stecken Sie einen Finger bis zum zweiten Gelenk in die Erde. Kommt er mit Krümeln heraus, warten Sie. Kommt er sauber heraus, gießen Sie langsam, dicht am Stiel und nicht über die Blätter, bis etwas Wasser in die Wanne läuft. Was nach einer Viertelstunde noch darin steht, schütten Sie weg. An guten Absichten sterben mehr Kräuter als am Urlaub."
                ),
                quote("Jeden Tag schauen, jeden dritten gießen."),
                heading("Mutig schneiden"),
                paragraph(
                    "Ein Kraut, das nie geschnitten wird, verholzt und trägt nur noch oben ein paar Blätter. Nehmen Sie die Spitzen, immer knapp über einem Blattpaar, dann wachsen zwei Triebe, wo vorher einer war. Im September hören Sie auf, damit der letzte Zuwachs vor dem Frost ausreift."
                ),
                heading("Durch den Winter"),
                paragraph(
                    "Bei Kälte erfrieren die Wurzeln, nicht die Blätter. Rücken Sie den Kasten an die Hauswand, wickeln Sie ihn in Sackleinen, das ein paar Runden Schnur zusammenhalten, und stellen Sie ihn auf zwei Hölzer, damit das Wasser abläuft. An milden Tagen bekommt er einen Schluck. Im März lockern Sie die oberste Schicht mit der Handgabel, arbeiten eine Handvoll Kompost ein und stellen Ihre Tasse zurück an ihren Platz."
                ),
            ),
        ),
    ),
)

ARTICLES: tuple[Article, ...] = (_GLAZE, _PAN, _WAX, _TABLE, _SILL)
"""Newest first."""
