"""Short forms of given names: Liz and Elizabeth, Bob and Robert.

The pairs are those of the package `nicknames`, which keeps the table of Carlton Northern and others (Apache licence),
made for genealogy. A few are added that people in Britain and Ireland use. In old parish books Hannah may be Anna and
Ian John; today those are two people. So a name that stands for itself is nobody's short form here.
"""

from functools import cache

from nicknames import NickNamer

# Names that people are given as such. As "short forms" they would make one person of mother and daughter.
_GIVEN_AS_SUCH = """
    adela agnes aileen alan albert alexandra alice allan allen amanda amelia amos amy andrea andrew angela ann anna
    anne anselm arabella arnold arthur bella benedict brian brianna bridget bruce carl carla carlotta carol caroline
    carolyn cassandra catherine cathleen cecilia celia charles charlotte christa christian christina christine clara
    clare clarissa cora cordelia craig cynthia daisy david delia della diana diane donald donna dorothea
    dorothy douglas edgar edith edmund edward edwin eileen elaine eleanor elena eliza elizabeth ella ellen eloise
    elsie emil emilia emily emma eric erin ernest erwin esther eugene eunice eva eve evelyn fiona flora florence
    frances francis frank frederica frederick gabriel genevieve george gerald geraldine gertrude gilbert grace
    gretchen gustav gwendolyn hannah harold harriet helen helena heloise henrietta henry herbert hester hilary
    howard hugh ian ida inez irene iris irwin isaac isabel isabella isabelle ivan jacob jacqueline james jane janet
    jasmine jason jasper jean jeanette jennifer jeremiah jeremy jessica jesus joan joanna johanna john jonathan
    joseph josephine joshua joy joyce judith julia julian juliana julie juliet june karen karl karla katherine
    kathleen kathryn keith kendrick kenneth kristin laura laurence lauren laurinda lawrence lena leo leon leonard
    leonora leroy leslie lewis lilian lillian lily linda lisa lois lora loretta lorraine louis louisa louise lucas
    lucia lucinda lucy luke lydia mabel mabelle madeline magdalena malcolm margaret margery maria marian marianne
    marie marilyn marina marion marjorie mark martha martin martina mary mathilda matilda matthew maud maureen
    maurice maxine melanie melissa mercedes michael michaela michelle mildred millicent miranda miriam mona monica
    morris moses muriel myra nancy naomi natalie natasha nathan nathaniel nicholas nicola noel nora norma norman
    olga olive oliver olivia orlando oscar otis patricia patrick paul paula pauline percy peter philip philippa
    phoebe phyllis prudence rachel ralph raymond rebecca regina rhoda richard robert roberta robin rodney roger
    roland ronald rosa rosalind rosalyn rose roseanne rosemary ross roxanne roy ruby rudolph rufus russell ruth ryan
    sabina samantha samuel samson sandra sara sarah savannah scott sebastian selma serena seymour sharon sheila
    shirley sidney silas silvia simeon simon solomon sophia sophie stella stephanie stephen steven stuart susan
    susannah sybil sylvester sylvia tabitha tamara teresa terence theodora theodore theresa thomas timothy tobias
    ulysses ursula valerie vanessa vera veronica victor victoria vincent viola violet virginia vivian walter wanda
    warren wendy wilhelmina william winifred yvonne zachariah zoe
"""
_STANDS_FOR_ITSELF = frozenset(_GIVEN_AS_SUCH.split())

_ADDED = (
    "abigail abi abbie", "alastair al ali", "amanda mandy mands", "anthony ant", "barbara barb", "benedict ben",
    "catherine kate katie kath kathy kat kit", "charlotte charlie lottie", "christine chrissie chris", "daniel danny",
    "deborah debs", "douglas doug dougie", "eleanor ellie nell nora", "elizabeth lizzy libby beth bet elsie lisbet",
    "emily em", "frederick freddy", "gabrielle gabby", "gemma gem", "geoffrey geoff", "graham gray", "gwendolen gwen",
    "hannah han", "jacqueline jacqui jacky", "jennifer jenni jenna", "jeremy jem jez", "jessica jess", "judith jude",
    "katherine kate katie kath kathy kat kit", "kathleen kath kathy", "kathryn kate katie kath kathy", "laura lolly",
    "madeleine maddie maddy", "malcolm mal", "marjorie madge", "martin marty", "maureen mo", "nathaniel nat nate",
    "nicholas nicky nico", "oliver olly ollie", "pamela pam pammie", "penelope penny pen", "peter pete", "rachel rach",
    "rebecca bex becs", "ronald ronnie", "rosalind ros", "rosamund ros", "roderick rod roddy", "susan suzie susie",
    "teresa tess terry", "valerie val", "veronica ronnie vron", "winifred win winnie", "zachary zac zach zack",
    "alexander sandy sasha xander ali", "alexandra sandy sasha ali", "bridget biddy", "cornelius con neil",
    "deirdre dee", "denis dinny", "dominic dom", "eamonn ned", "evelyn evie", "felicity fliss flick", "frances fran",
    "georgina georgie gina", "giovanni gianni", "giuseppe beppe peppe", "helen nell", "imogen immy", "joanna jo",
    "joanne jo", "johannes hans hannes jo", "josephine jo josie", "louise lou", "margaret maggie meg peggy greta",
    "mathew matt", "michael mick mike mickey", "nicola nicky nikki", "nigel nige", "patrick paddy pat",
    "philippa pip pippa", "rosemary rosie", "samantha sam", "siobhan shiv", "stephanie steph", "sophie soph",
    "tamsin tam", "theresa tess", "tobias toby", "victoria vicky vikki tori", "yekaterina katya", "aleksandr sasha",
    "mariya masha", "anastasia nastya stasia", "tatiana tanya", "wolfgang wolf", "francisco paco", "jose pepe",
)  # fmt: skip


@cache
def _pairs() -> dict[str, frozenset[str]]:
    """For each name those that may stand for it, both ways."""
    found: dict[str, set[str]] = {}
    given = {name: set(short) for name, short in NickNamer().nickname_lookup.items()}
    for line in _ADDED:
        name, *added = line.split()
        given.setdefault(name, set()).update(added)
    for name, shorts in given.items():
        for short in shorts - _STANDS_FOR_ITSELF - {name}:
            found.setdefault(name, set()).add(short)
            found.setdefault(short, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}


def others(name: str) -> frozenset[str]:
    """The short forms of `name` and what it is a short form of. `name` is in small letters without accents."""
    return _pairs().get(name, frozenset())


def is_short_form(one: str, other: str) -> bool:
    """Whether one of the two is a short form of the other. Two short forms of one name are not."""
    return other in others(one)
