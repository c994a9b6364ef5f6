"""Names and towns that registers are invented from.

Given and family names are those of the package Faker, of several countries. What people are called for short, and how
names of other scripts are written in Latin letters, are tables of our own, typed from common knowledge: they know
nothing of the tables that the directory matches with.
"""

import importlib
import random
from collections.abc import Iterable, Sequence
from functools import cache

LOCALES = {
    "en_GB": 12,
    "en_US": 4,
    "ga_IE": 1,
    "de_DE": 2,
    "fr_FR": 2,
    "it_IT": 1,
    "es_ES": 1,
    "nl_NL": 1,
    "pl_PL": 1,
    "pt_PT": 1,
}

TOWNS = (
    "Bath", "Bedford", "Birmingham", "Bolton", "Bournemouth", "Brighton", "Bristol", "Cambridge", "Canterbury",
    "Cardiff", "Carlisle", "Chester", "Colchester", "Coventry", "Derby", "Dundee", "Durham", "Edinburgh", "Exeter",
    "Glasgow", "Gloucester", "Guildford", "Harrogate", "Hastings", "Hereford", "Hove", "Hull", "Inverness", "Ipswich",
    "Kendal", "Lancaster", "Leeds", "Leicester", "Lewes", "Lincoln", "Liverpool", "London", "Luton", "Maidstone",
    "Manchester", "Newcastle", "Northampton", "Norwich", "Nottingham", "Oxford", "Penzance", "Perth", "Plymouth",
    "Poole", "Portsmouth", "Preston", "Reading", "Salisbury", "Sheffield", "Shrewsbury", "Southampton", "Stirling",
    "Stroud", "Swansea", "Swindon", "Taunton", "Torquay", "Totnes", "Truro", "Wells", "Winchester", "Worcester", "York",
)  # fmt: skip


def _table(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.split(";"))


# A name, and what its bearer may be called for short.
SHORT_FORMS = {
    name: short
    for name, *short in _table("""
    Alexander Alex Sandy; Andrew Andy Drew; Anthony Tony; Barbara Barb Babs; Benjamin Ben; Catherine Cathy Kate Katie;
    Charles Charlie Chuck; Christina Chris Tina; Christopher Chris Kit; Daniel Dan Danny; David Dave; Deborah
    Debbie Deb; Dorothy Dot Dolly; Edward Ted Ed Ned; Elizabeth Liz Beth Betty Lizzie; Frances Fran Frankie;
    Frederick Fred Freddie; Gerald Gerry; Gregory Greg; Henry Harry Hal; Jacqueline Jackie; James Jim Jamie
    Jimmy; Jennifer Jenny Jen; Joanna Jo; John Jack Johnny; Jonathan Jon; Joseph Joe; Judith Judy; Katherine
    Kate Kathy Katie; Kenneth Ken; Lawrence Larry; Leonard Len; Margaret Maggie Peggy Meg; Matthew Matt; Michael
    Mike Mick; Nicholas Nick; Nicola Nicky; Pamela Pam; Patricia Pat Trish Patty; Peter Pete; Philip Phil;
    Rebecca Becky Becca; Richard Dick Rick Richie; Robert Bob Rob Bobby; Ronald Ron; Samantha Sam; Samuel Sam;
    Sandra Sandy; Stephen Steve; Steven Steve; Susan Sue Susie; Theodore Ted Theo; Theresa Terry Tess; Thomas
    Tom Tommy; Timothy Tim; Victoria Vicky Tori; William Bill Will Billy
    """)
}

# One name as its bearer writes it, and as others write it.
GIVEN_ABROAD = _table("""
    Юлия Yulia Julia Yuliya; Сергей Sergey Sergei; Наталья Natalya Natalia; Алексей Alexey Aleksei Alexei;
    Дмитрий Dmitry Dmitri Dmitriy; Татьяна Tatyana Tatiana; Михаил Mikhail Mihail; Ксения Kseniya Ksenia Xenia;
    Ελένη Eleni; Δημήτρης Dimitris; たろう Tarō Taro Tarou; ゆうこ Yūko Yuko Yuuko; しんいち Shinichi Sinichi;
    ちひろ Chihiro Tihiro; Kōji Koji Kouji Kohji; Jürgen Jurgen Juergen; Björn Bjorn Bjoern; Zoë Zoe; Chloé Chloe;
    Søren Soren; Łucja Lucja; Siân Sian
""")
FAMILY_ABROAD = _table("""
    Щербакова Shcherbakova Scherbakova; Иванов Ivanov; Кузнецова Kuznetsova; Чайковский Chaikovsky Chaykovsky
    Tchaikovsky; Жукова Zhukova; Хрущёв Khrushchev; Παπαδόπουλος Papadopoulos; Satō Sato Satou Satoh; Ōta Ota
    Ohta Oota; すずき Suzuki; Matsushita Matusita; Ōno Ono Ohno; Itō Ito Itou Itoh; Müller Muller Mueller; Schröder
    Schroder Schroeder; Jäger Jager Jaeger; Ångström Angstrom; Wałęsa Walesa; Núñez Nunez; Lefèvre Lefevre; Groß
    Gross
""")

SYLLABLES = (
    "al", "bar", "ber", "bin", "bor", "brad", "cam", "car", "cot", "dal", "den", "dor", "el", "fen", "ford", "gar",
    "gill", "hal", "ham", "hart", "hol", "ing", "ker", "kin", "lan", "ley", "lin", "mar", "mel", "mon", "nor", "pel",
    "pen", "ram", "ren", "rick", "ros", "sal", "sel", "shaw", "stan", "ster", "tan", "ton", "tre", "wal", "wick", "win",
    "wold", "worth", "yar",
)  # fmt: skip
MAC = ("Donald", "Kenzie", "Leod", "Gregor", "Intyre", "Lean", "Millan", "Pherson", "Kay", "Arthur")
IRISH = ("Brien", "Connor", "Neill", "Sullivan", "Reilly", "Donnell", "Hara", "Keefe")
PARTICLES = ("van", "van der", "van den", "de", "de la", "von", "di", "du")


@cache
def given_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of women and of men, those of Britain more often than others, and of names that people shorten the most."""
    women = _of("first_names_female") + [name for name in SHORT_FORMS if name in set(_of("first_names_female"))] * 30
    men = _of("first_names_male") + [name for name in SHORT_FORMS if name in set(_of("first_names_male"))] * 30
    return tuple(women), tuple(men)


@cache
def family_names() -> tuple[str, ...]:
    """Family names, of which a quarter are made of syllables: a country has far more of them than any table."""
    known = _of("last_names")
    source = random.Random(7)
    made = ("".join(source.choices(SYLLABLES, k=source.choice((2, 3, 3)))).title() for _ in range(60_000))
    return tuple(known * 12 + sorted(set(made)))


def _of(kind: str) -> list[str]:
    found: list[str] = []
    for locale, times in LOCALES.items():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        found += _simple(getattr(provider, kind)) * times
    return found


def _simple(names: Iterable[str]) -> Sequence[str]:
    """Names of one word, as tables have some with titles and two."""
    return sorted({name for name in names if name.replace("-", "").isalpha() and len(name) > 2 and name[0].isupper()})
