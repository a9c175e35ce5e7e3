"""What made-up history is made of: countries, offices, events and everyday words, and names in four made-up tongues."""

import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Country:
    """A country with the adjective that titles use."""

    code: str
    name: str
    adjective: str


_COUNTRIES = """
    MN,Mongolia,Mongolian KE,Kenya,Kenyan PE,Peru,Peruvian FI,Finland,Finnish VN,Vietnam,Vietnamese CL,Chile,Chilean
    GH,Ghana,Ghanaian PL,Poland,Polish EG,Egypt,Egyptian IN,India,Indian PT,Portugal,Portuguese TR,Türkiye,Turkish
    US,United_States,American CN,China,Chinese DE,Germany,German MX,Mexico,Mexican NG,Nigeria,Nigerian JP,Japan,Japanese
    SE,Sweden,Swedish BR,Brazil,Brazilian ID,Indonesia,Indonesian CA,Canada,Canadian GR,Greece,Greek CU,Cuba,Cuban
    GB,United_Kingdom,British IR,Iran,Iranian AT,Austria,Austrian MA,Morocco,Moroccan NP,Nepal,Nepalese IT,Italy,Italian
    FR,France,French ZA,South_Africa,South_African CZ,Czechia,Czech KR,South_Korea,South_Korean NO,Norway,Norwegian
    ES,Spain,Spanish ET,Ethiopia,Ethiopian HU,Hungary,Hungarian PH,Philippines,Filipino AR,Argentina,Argentine
    NL,Netherlands,Dutch TH,Thailand,Thai RO,Romania,Romanian CO,Colombia,Colombian AU,Australia,Australian
    IE,Ireland,Irish DZ,Algeria,Algerian LK,Sri_Lanka,Sri_Lankan BO,Bolivia,Bolivian CI,Côte_d’Ivoire,Ivorian
    NZ,New_Zealand,New_Zealand TZ,Tanzania,Tanzanian IS,Iceland,Icelandic GE,Georgia,Georgian JM,Jamaica,Jamaican
    SN,Senegal,Senegalese BG,Bulgaria,Bulgarian UY,Uruguay,Uruguayan KZ,Kazakhstan,Kazakh RU,Russia,Russian
    UA,Ukraine,Ukrainian PK,Pakistan,Pakistani DK,Denmark,Danish HT,Haiti,Haitian MM,Myanmar,Burmese
"""
COUNTRIES = [
    Country(*(part.replace("_", " ") for part in entry.split(","))) for entry in _COUNTRIES.split()
]  # the earlier, the more moments

ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"]
OFFICES = ["president", "prime minister", "governor", "chancellor", "mayor", "regent", "chief justice", "speaker"]
BODIES = ["parliament", "senate", "assembly", "supreme court", "council of state", "central bank", "academy", "navy"]
MATTERS = [
    "land reform", "women’s suffrage", "free schooling", "the eight-hour day", "a new constitution", "press freedom",
    "the metric system", "an amnesty", "a salt tax", "conscription", "secularisation", "a general census",
]  # fmt: skip
PACTS = ["trade", "border", "fisheries", "extradition", "friendship", "railway", "non-aggression", "postal", "water"]
EVENTS = [
    "general election", "currency crisis", "famine", "census", "mutiny", "coup", "general strike", "flood", "revolution",
    "student protests", "cholera epidemic", "oil discovery", "gold rush", "referendum", "tax revolt", "drought",
]  # fmt: skip
FEATS = ["newspaper", "railway", "observatory", "lighthouse", "radio station", "university", "satellite", "power plant"]
SUBJECTS = ["grammar", "atlas", "history", "calendar", "dictionary", "herbal", "chronicle", "memoirs", "star catalogue"]
FORCES = ["expedition", "fleet", "embassy", "caravan", "relief column", "mission"]
ERAS = [
    "ColdWarEra", "BronzeAge", "AgeOfSail", "Enlightenment", "SteamAge", "TradeHistory", "LegalHistory", "WomenInHistory",
    "SportHistory", "SpaceAge", "MaritimeHistory", "HistoryOfMedicine", "Abolition", "Suffrage", "Decolonization",
    "InterwarYears", "GreatWar", "MedievalWorld", "ScienceHistory", "LabourMovement", "Diplomacy", "UrbanHistory",
]  # fmt: skip
# The commonest words of the texts, the commonest first; all others are made up.
EVERYDAY = """
    the of and to in a was that for on with as by his from it at were had not which he be this her they or an their been
    all but one its who after more first two when would there into only some than made so no up out over time men years
    new many before could other then against under most such between still called while where three while people year
    great later day city town river law king army letter trade old four each same long small war peace among often
""".split()

_TONGUES = (
    ("b d g k l m n p r s t v z br dr kr sl tr".split(), "a e i o u é".split(), ("n", "r", "l", "s", "k", "t"), ("ov", "ice", "any")),
    ("ch h j k m n r sh t y ts".split(), "a i u e o".split(), ("n",), ("moto", "saki", "yama")),
    ("f g h l m n p t v w st fr gr sch".split(), "a e i o ö ei au".split(), ("nd", "rg", "l", "m", "t"), ("berg", "sen", "holt")),
    ("kh b d m n q r s t w z th".split(), "a i u aa o".split(), ("d", "m", "r", "b"), ("pur", "abad", "dar")),
)  # fmt: skip

_ENDINGS = ("", "", "ed", "ing", "er", "ly", "ness", "al", "ous", "ment", "y", "or", "ish", "ure")


def _stem(rng: random.Random, tongue: int, parts: int) -> str:
    onsets, vowels, ends, _ = _TONGUES[tongue]
    syllables = (rng.choice(onsets) + rng.choice(vowels) for _ in range(parts))
    return "".join(one + (rng.choice(ends) if rng.random() < 0.4 else "") for one in syllables)


@dataclass(slots=True)
class Language:
    """Words for texts, the commonest first (Zipf's law gives how common), and names of people and places."""

    seed: int
    moments: int
    words: list[str] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)  # of how common the words are, for random.choices
    given: list[str] = field(default_factory=list)
    surnames: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = random.Random(f"language {self.seed}")
        self.words = _distinct(lambda: _word(rng), 45_000, EVERYDAY)
        self.sums = list(itertools.accumulate(1 / (place + 2) for place in range(len(self.words))))
        names = random.Random(f"names {self.seed}")
        many = max(600, min(30_000, self.moments // 8))
        self.given = _distinct(lambda: _stem(names, names.randrange(4), 2).capitalize(), 240)
        self.surnames = _distinct(lambda: _ended(names, names.randrange(4), 2), many)
        self.places = _distinct(lambda: _place(names), many)


def _distinct(make: Callable[[], str], count: int, first: Iterable[str] = ()) -> list[str]:
    found = dict.fromkeys(first)
    while len(found) < count:
        found[make()] = None
    return list(found)


def _word(rng: random.Random) -> str:
    stem = _stem(rng, rng.choice((0, 1, 2, 2)), rng.choice((1, 2, 2, 3, 3)))
    return stem.replace("é", "e").replace("ö", "o") + rng.choice(_ENDINGS)


def _ended(rng: random.Random, tongue: int, parts: int) -> str:
    return (_stem(rng, tongue, parts) + (rng.choice(_TONGUES[tongue][3]) if rng.random() < 0.5 else "")).capitalize()


def _place(rng: random.Random) -> str:
    name = _ended(rng, rng.randrange(4), rng.choice((2, 2, 3)))
    return rng.choice(("San ", "Port ", "New ", "Upper ", "Old ")) + name if rng.random() < 0.12 else name
