"""The words by which a claim, an opinion, a question and the rest give themselves away.

Our own lists, German and English, one row a family; ``*`` at the end of a word stands for any ending.
Counts nothing and weighs nothing: see ``claims_features``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from crisis.matching.text import normalise


@dataclass(frozen=True, slots=True)
class Family:
    """Words and short phrases that do the same work in a text, by language."""

    name: str
    de: str
    en: str

    def of(self, lang: str) -> str:
        """Return the list of a language; any but German is read as English."""
        return self.de if lang == "de" else self.en


FAMILIES: tuple[Family, ...] = (
    Family(
        "first_person",
        "ich mich mir mein meine meinen meinem meiner meines",
        "i i'm i've i'd i'll me my mine myself im",
    ),
    Family("we", "wir uns unser* unsere*", "we we're we've us our ours"),
    Family(
        "you",
        "du dich dir dein* ihr euch euer eure eurem euren eurer ihnen",
        "you you're you've your yours u ur yourself",
    ),
    Family(
        "they",
        "er sie es ihm ihn ihnen deren dessen denen man",
        "he she it they them their his her its",
    ),
    Family("the", "der die das den dem des", "the"),
    Family("a", "ein eine einen einem einer eines", "a an"),
    Family("this", "dies* jene* solch* derselbe*", "this that these those such"),
    Family(
        "opinion",
        "finde find findest finden meinung ansicht meine meinem_erachten m.e. imho imo glaube glaub denke "
        "denk empfinde geschmack geschmackssache persönlich für_mich aus_meiner_sicht von_mir_aus mir_egal "
        "gefällt gefallen mag liebe hasse bevorzuge lieber am_liebsten lieblings* halte_ich halte_nichts",
        "think imho imo opinion feel believe personally prefer love loved hate hated like liked "
        "enjoy enjoyed favourite favorite for_me to_me my_view my_take taste reckon suppose "
        "can't_stand not_a_fan big_fan i'd_say if_you_ask_me",
    ),
    Family(
        "should",
        "sollte sollten solltet müsste müssten dürfte dürften gehört gehören bitte_nicht wünschenswert "
        "überfällig höchste_zeit endlich_mal",
        "should shouldn't ought must needs_to need_to deserve deserves high_time overdue better_off",
    ),
    Family(
        "praise",
        "schön* gut gute guten guter gutes super toll* klasse spitze prima großartig* wunderbar* "
        "wunderschön* herrlich* fantastisch* genial* perfekt* hervorragend* lecker köstlich sympathisch* "
        "gemütlich* beste* bester stolz liebevoll angenehm* nett* freundlich* cool* geil* "
        "hübsch* lob respekt bravo",
        "good great best better nice lovely beautiful wonderful amazing awesome fantastic brilliant "
        "excellent perfect delicious charming pretty cool proud gorgeous superb friendly cosy fun "
        "well_done kudos bravo",
    ),
    Family(
        "blame",
        "schlecht* schlimm* furchtbar* schrecklich* grauenhaft* hässlich* peinlich* lächerlich* traurig* "
        "unmöglich* unverschämt* unfassbar* unglaublich* skandal* schande schändlich frech* frechheit "
        "zumutung katastrophe katastrophal* miserabel* mies* nervig* nervt nerven ätzend* doof* "
        "blöd* dumm* sinnlos* überflüssig* langweilig* enttäuschend* unverantwortlich* armselig* "
        "ekelhaft* widerlich* erbärmlich* absurd* irre verrückt* krank wahnsinn unsinn quatsch",
        "bad worse worst terrible horrible awful ugly embarrassing ridiculous sad disgusting "
        "disgrace disgraceful shame shameful scandal outrageous unbelievable pathetic stupid silly "
        "boring annoying useless pointless disappointing overrated rubbish crap nonsense absurd insane "
        "dreadful lousy rude unacceptable appalling mess joke",
    ),
    Family(
        "insult",
        "idiot* depp* trottel* vollpfosten* heuchler* lügner* versager* spinner* dummkopf penner* pack "
        "gesindel arsch* hetzer* nazi* faschist* clown* hirn* schwachkopf* gutmensch* troll*",
        "idiot* moron* clown* fool* liar* loser* hypocrite* jerk* dumb* scum troll* coward*",
    ),
    Family(
        "grading",
        "sehr ganz so zu echt richtig total voll absolut extrem wirklich einfach viel_zu ziemlich völlig "
        "komplett überhaupt wahnsinnig unheimlich dermaßen",
        "very so really absolutely totally completely extremely quite pretty just too utterly "
        "incredibly such",
    ),
    Family(
        "hedge",
        "vielleicht wohl eventuell möglicherweise vermutlich wahrscheinlich scheinbar anscheinend "
        "irgendwie eigentlich womöglich ungefähr circa ca etwa könnte könnten",
        "maybe perhaps probably possibly likely apparently seems seem seemingly somehow roughly "
        "might may could about around kind_of sort_of guess",
    ),
    Family(
        "hearsay",
        "angeblich* gehört gelesen hörte heißt_es sagt sagen sagte sagten laut zufolge berichtet "
        "berichten berichtete meldet melden meldete gemeldet quelle* bekannte* nachbar* schwager "
        "kollegin kollege cousin* erzählt erzählte behauptet behaupten bestätigt* mitteilung "
        "pressemitteilung offiziell* soll sollen sollst",
        "allegedly reportedly heard says said say according source sources report reports reported "
        "neighbour neighbor cousin colleague told claims claimed confirmed confirms officially "
        "official announced announces rumour rumor supposedly apparently",
    ),
    Family(
        "evidence",
        "statistik* studie* zahlen fakt fakten tatsache* nachweislich belegt bewiesen beweis* artikel "
        "bericht* wikipedia nachzulesen untersuchung* umfrage* gutachten gesetz* paragraph urteil "
        "bundesamt ministerium forscher* wissenschaftler* experte* daten prozent",
        "statistics study studies figures fact facts proven proof evidence article report data "
        "survey law court ruling researchers scientists experts ministry percent document footage "
        "photo video",
    ),
    Family(
        "is",
        "ist sind war waren gibt gab bin bist seid",
        "is are was were there's isn't aren't wasn't weren't am been be",
    ),
    Family(
        "has_done",
        "hat haben hatte hatten wurde wurden worden",
        "has have had hasn't haven't been got",
    ),
    Family(
        "becomes",
        "wird werden wirst werde werdet",
        "will won't going gonna gets becomes shall",
    ),
    Family(
        "can_must",
        "kann können konnte konnten muss müssen musste mussten darf dürfen durfte will wollen wollte wollten "
        "kannst könnt musst müsst willst wollt",
        "can can't cannot must have_to has_to had_to wants want wanted allowed able",
    ),
    Family(
        "would",
        "wäre wären würde würden hätte hätten wäre_es käme ginge bräuchte wünschte wenn falls",
        "would wouldn't wish if could",
    ),
    Family(
        "not",
        "nicht kein* nie niemals nichts niemand ohne weder noch",
        "not no never nothing nobody none without don't doesn't didn't won't can't isn't",
    ),
    Family(
        "all",
        "alle alles allen jeder jede jeden immer überall ständig dauernd",
        "all every everyone everybody everything always everywhere nobody constantly",
    ),
    Family(
        "some",
        "mehr weniger viele vielen viel einige manche mehrere meisten wenige paar beide hälfte als",
        "more less many much some several most few both half than",
    ),
    Family(
        "because",
        "weil denn deshalb daher dadurch darum wegen aufgrund damit somit",
        "because since therefore so due hence thus",
    ),
    Family(
        "but",
        "aber doch sondern jedoch trotzdem obwohl dennoch allerdings",
        "but though although however yet still",
    ),
    Family("and", "und oder sowie sowohl", "and or as_well"),
    Family("that", "dass daß ob was wie wo", "that whether what how where which who"),
    Family(
        "place",
        "in im an am aus auf bei nach von vom zum zur nahe neben hinter über unter zwischen",
        "in at on from near to into behind by under over between outside",
    ),
    Family(
        "time",
        "heute gestern morgen vorhin gerade eben jetzt seit ab bis nacht abend* mittag* woche* monat* jahr* "
        "jahre jahren uhr stunde* minute* montag* dienstag* mittwoch* donnerstag* freitag* samstag* sonntag* "
        "damals früher bereits schon inzwischen mittlerweile bald demnächst",
        "today yesterday tomorrow tonight now since until night morning evening week weeks month months "
        "year years hour hours minute minutes monday tuesday wednesday thursday friday saturday sunday "
        "ago already recently soon pm am o'clock",
    ),
    Family(
        "authority",
        "polizei feuerwehr stadt rathaus bürgermeister* gemeinde behörde* amt landrat* landkreis* "
        "regierung* minister* bundestag partei* politiker* krankenhaus klinik* schule* "
        "stadtwerke* wasserwerk* gesundheitsamt thw bundeswehr gericht* eu staat",
        "police fire_brigade city council mayor town authority authorities office county government "
        "minister parliament party politician* hospital clinic school schools waterworks utility army court "
        "state eu",
    ),
    Family(
        "danger",
        "gift* vergiftet* verseucht* explosion* explodiert* brand brennt feuer hochwasser deich* damm "
        "evakuier* tote toter gestorben verletzt* entführ* überfall* anschlag* strahl* austritt "
        "ausgefallen stromausfall blackout gesperrt* geschlossen* eingestürzt* leck* gas chlor "
        "trinkwasser keim* virus plünder* warnung gefahr notstand angegriffen schüsse",
        "poison* contaminat* explosion* exploded fire burning flood* dam dyke levee evacuat* dead "
        "died killed injured kidnap* attack* radiation leak* outage blackout closed shut collapsed "
        "gas chlorine tap_water bacteria virus loot* warning danger emergency shots shooting bomb",
    ),
    Family(
        "money",
        "euro € milliarde* million* tausend* hundert* cent steuer* geld kosten kostet bezahlt "
        "bezahlen miete rente gehalt",
        "euro euros pound pounds dollar dollars million* billion* thousand* hundred* tax taxes money "
        "cost costs paid pay rent",
    ),
    Family(
        "asking",
        "warum wieso weshalb wann wer wen wem wo wohin woher welche* wieviel wie_viel stimmt "
        "weiß_jemand hat_jemand kennt_jemand kann_jemand frage",
        "why when who whom where which how how_many anyone anybody does_anyone is_it is_there question",
    ),
    Family(
        "request",
        "bitte bitten teilen teilt weiterleiten schaut schau guckt lest lies hört kommt meldet helft "
        "hilf unterschreib* lasst lassen_sie geht geh nehmt denkt stellt haltet bleibt gesucht suche "
        "suchen verkaufe verschenke biete anmeld* mitmachen spende*",
        "please share spread look watch read listen come join help sign let's let take keep stay "
        "remember looking_for selling wanted free donate rsvp register subscribe check_out don't_forget",
    ),
    Family(
        "greeting",
        "danke dank hallo hi moin servus grüße gruß guten_morgen guten_tag gute_nacht glückwunsch "
        "herzlich* willkommen alles_gute viel_spaß viel_glück frohe* gute_besserung tschüss liebe* "
        "prost gern gerne entschuldigung sorry",
        "thanks thank hello hi hey morning_all good_morning good_night congratulations congrats "
        "welcome happy cheers good_luck have_fun get_well bye sorry merry enjoy greetings",
    ),
    Family(
        "wish",
        "hoffe hoffentlich hoffen wünsche wünschen freue freu freuen drücke_die_daumen gespannt "
        "vorfreude träume",
        "hope hopefully wish hoping looking_forward can't_wait excited dream fingers_crossed",
    ),
    Family(
        "feeling",
        "angst sorge* wütend sauer genervt glücklich froh müde erleichtert schockiert entsetzt wut "
        "verzweifelt satt leid",
        "afraid worried angry furious annoyed happy tired relieved shocked glad scared upset fed_up sick_of",
    ),
    Family(
        "exclaim",
        "ja nein ach oh ah boah wow haha hahaha hihi lol tja naja aha hm hmm mensch mann alter ohje "
        "oje juhu yeah ok okay genau richtig eben stimmt amen quatsch pfui bäh nee jo jep",
        "yes no oh ah wow haha hahaha lol omg ok okay yeah yep nope hm hmm ugh yay exactly right "
        "whoa gosh meh boo amen wtf",
    ),
    Family(
        "particle",
        "ja mal doch halt eben eh wohl schon bloß nur etwa denn auch noch",
        "well anyway actually basically literally just even only also",
    ),
    Family(
        "sure",
        "definitiv sicher sicherlich garantiert bestimmt eindeutig offensichtlich natürlich klar "
        "selbstverständlich zweifellos bekanntlich nunmal schließlich",
        "definitely certainly surely obviously clearly of_course undoubtedly indeed known",
    ),
)


class Dictionary:
    """The families of one language, ready for look-up by folded word."""

    def __init__(self, lang: str) -> None:
        self._exact: dict[str, list[int]] = {}
        self._begin: dict[str, list[int]] = {}
        self.phrases: dict[tuple[str, ...], list[int]] = {}
        for at, family in enumerate(FAMILIES):
            for entry in family.of(lang).split():
                words = tuple(normalise(part) for part in entry.rstrip("*").split("_"))
                if len(words) > 1:
                    self.phrases.setdefault(words, []).append(at)
                elif entry.endswith("*"):
                    self._begin.setdefault(words[0], []).append(at)
                else:
                    self._exact.setdefault(words[0], []).append(at)
        self.phrase_starts = frozenset(words[0] for words in self.phrases)
        self.longest = max(map(len, self.phrases))

    def families(self, folded: str) -> tuple[int, ...]:
        """Return the places in ``FAMILIES`` of the families a folded word belongs to."""
        found = set(self._exact.get(folded, ()))
        for end in range(2, len(folded) + 1):
            found.update(self._begin.get(folded[:end], ()))
        return tuple(sorted(found))


@lru_cache(maxsize=2)
def dictionary(lang: str) -> Dictionary:
    """Return the families of "de", or of "en"."""
    return Dictionary(lang)
