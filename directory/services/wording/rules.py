"""What hints about wording look for: patterns in folded texts, the reason of each, and what to write instead."""

import re
from dataclasses import dataclass

from directory.lib.phrases import whole
from directory.lib.words import N_

# Records of guidance.
HEALTH, ENDORSEMENT, PSA, TERMS = "cap-health", "dmcc-trustmark", "psa-wording", "terms-regulated"
TESTIMONIALS, DUTY = "cap-testimonials", "directory-shares-duty"
# Where other rules say it more strictly, by the country of the listing.
STRICTER = {"DE": "germany-illness", "AU": "au-code"}


@dataclass(frozen=True)
class Rule:
    """A pattern to look for in a folded text, and the record of guidance that says why."""

    pattern: re.Pattern[str]
    reason: str
    better: str
    source: str


CURE = N_("This can be read as a promise that it works, and advertising rules ask for strong proof of that.")
CURE_BETTER = N_("You could write what people come for: “I often work with people who have a sore back”.")
ILLNESS = N_("Beside an illness, this can be read as a claim that the therapy works for it.")
ILLNESS_BETTER = N_("You could write: “People with many kinds of aches come to me, beside their medical care”.")
_PHYSICAL = N_("Advertising rules ask for strong proof that touch does this to a body, and there is none yet.")
_PHYSICAL_BETTER = N_("You could write how a session is: “slow, firm pressure; many people find it relaxing”.")
_INSTEAD = N_("Nobody should leave out medical care because of a listing.")
_INSTEAD_BETTER = N_("You could write: “alongside your medical care”.")
_GUARANTEE = N_("Nobody can promise how a session turns out.")
_GUARANTEE_BETTER = N_("You could write what you do, and leave the outcome open.")
_TERM = N_("This word says that somebody else stands behind you, and does not say who or for what.")
_TERM_BETTER = N_(
    "State the membership under “Memberships”, with the body and your number. It is then shown and can be checked."
)
_QUALIFIED = N_("In most places there is no one measure of this, so a reader cannot tell what it says.")
_QUALIFIED_BETTER = N_("You could write where you trained, in which years and for how many hours.")
PSA_REASON = N_("The Professional Standards Authority accredits registers, not people.")
PSA_BETTER = N_("You could write: “on a register that the PSA accredits”.")
BODY = N_("The name or letters of a body in your own text look as if somebody had checked them.")
BODY_BETTER = N_("Leave it out here, and state it under “Memberships”: there it is shown with what was checked.")
_BEST = N_("A comparison with everybody else needs proof, and nobody has measured it.")
_BEST_BETTER = N_("You could write a fact instead: since when you have worked, how much, and how.")
_TESTIMONIAL = N_(
    "What clients say counts as advertising once you use it: it needs their proof, and it proves nothing."
)
_TESTIMONIAL_BETTER = N_("You could leave it out, and write what you do in your own words.")

_PAINS = (
    r"(?:pains?|aches?|aching|back(?:ache)?s?|necks?|shoulders?|hips?|knees?|spines?|joints?|injur(?:y|ies)|symptoms?)"
)
_TROUBLES = (
    rf"(?:{_PAINS}|stress|tension|anxiety|toxins?|illness(?:es)?|diseases?|disorders?|conditions?|ailments?|problems?)"
)
_PEOPLE = r"(?:therapists?|practitioners?|masseu(?:rs?|ses?)|healers?|teachers?|clinics?|centres?|cent(?:er|re)s?|bodyworkers?|experts?)"
_WORK = r"(?:shiatsu|massages?|treatments?|sessions?|therap(?:y|ies)|bodywork|reflexology|hands|care|results)"

# Diseases that are common in such texts, beside those of the concerns: named in the advice of the UK's advertising
# authority on health therapies (sources of cap-health), and their usual other names.
DISEASES = (
    "arthritis", "osteoarthritis", "rheumatoid arthritis", "rheumatism", "migraine", "migraines", "depression",
    "anxiety", "anxiety disorder", "panic attacks", "chronic insomnia", "insomnia", "cancer", "tumour", "tumor", "tumours", "asthma",
    "eczema", "psoriasis", "diabetes", "epilepsy", "fibromyalgia", "ibs", "irritable bowel", "irritable bowel syndrome",
    "crohn's disease", "colitis", "infertility", "endometriosis", "pcos", "high blood pressure", "hypertension",
    "heart disease", "stroke", "parkinson's", "parkinson's disease", "alzheimer's", "dementia", "multiple sclerosis",
    "chronic fatigue", "chronic fatigue syndrome", "long covid", "covid", "carpal tunnel", "carpal tunnel syndrome", "slipped disc",
    "slipped discs", "herniated disc", "trapped nerve", "trapped nerves", "whiplash", "tinnitus", "vertigo", "sinusitis", "ptsd",
    "adhd", "autism", "colic", "morning sickness", "hot flushes", "menopause symptoms", "sciatica", "frozen shoulder",
    "tennis elbow", "plantar fasciitis", "scoliosis", "lymphoedema", "neuropathy", "allergies", "hay fever", "gout",
    "chronic pain", "addiction", "eating disorders", "bell's palsy", "shingles", "vaginismus", "incontinence",
)  # fmt: skip
# Words in which people tell of a complaint of their own, beside names of illnesses and of concerns.
COMPLAINTS = (
    r"pain(?:s|ful)?|aching|achy|(?:head|back|belly|stomach|tummy|tooth|ear)?aches?|sore(?:s|ness)?|hurt(?:s|ing)?|stiff(?:ness)?|numb(?:ness)?|tingl(?:es|ing)"
    r"|swollen|swelling|spasms?|cramps?|dizz(?:y|iness)|injur(?:y|ies|ed)|sprain(?:s|ed)?|strained|fractur(?:es?|ed)"
    r"|surger(?:y|ies)|operated on|(?:an|my|the) operation|pregnan(?:t|cy)|diagnos(?:is|ed)|medications?|medicines?"
    r"|illness(?:es)?|diseases?|disab(?:led|ilit(?:y|ies))|symptoms?|depress(?:ed|ive)|anxious|trauma|suicidal"
    r"|self[\s-]harm|wheelchair|hernias?|(?:slipped|bulging|prolapsed) discs?"
)

# Terms under which a concern is looked for, that name no illness.
ORDINARY = frozenset(
    {
        *(
            "after treatment",
            "antenatal",
            "buttock tension",
            "can't relax",
            "can't sleep",
            "chemo",
            "cramp",
            "desk shoulders",
        ),
        *(
            "doms",
            "ergonomics",
            "exhausted",
            "expecting",
            "fatigue",
            "glute massage",
            "gluteus maximus",
            "gym soreness",
        ),
        *("hamstring tightness", "head pain", "knots", "low energy", "maintenance", "muscle knot", "oncology massage"),
        *("one leg shorter", "overwhelm", "pain moves", "pamper", "piriformis", "post run", "postnatal", "posture"),
        *("pregnancy", "pregnant", "prenatal massage", "relax", "restless", "self care", "sleep", "slouching"),
        *(
            "sports massage",
            "standing on one leg",
            "stiffness",
            "stress",
            "stressed",
            "tension",
            "tired",
            "treat myself",
        ),
        *("trigger points", "wellbeing", "worn out", "general wellbeing and relaxation", "back of thigh"),
        *("stress and tension", "posture and standing habits", "low energy and tiredness"),
        *("comfort during or after cancer treatment",),
    }
)

_NAMES_OF_METHODS = (
    r"(?<!reiki )(?<!spiritual )(?<!energy )(?<!sound )(?<!crystal )(?<!pranic )(?<!theta )(?<!angelic )"
)

# Before the names of bodies, which they hold.
OF_PSA = (
    Rule(
        whole(r"psa[\s-]+(?:accredited|approved|licensed|registered|endorsed)(?:\s\w+)?"), PSA_REASON, PSA_BETTER, PSA
    ),
    Rule(whole(r"(?:the )?professional standards authority"), PSA_REASON, PSA_BETTER, PSA),
    Rule(
        whole(r"(?:approved|licensed|accredited|endorsed) by the (?:psa|government|state|nhs)"),
        PSA_REASON,
        PSA_BETTER,
        PSA,
    ),
)

STANDING: tuple[Rule, ...] = (
    Rule(
        whole(
            r"(?:miracle |natural |complete |total )?cures?(?: for)?|cured|curing|curative|heals|healed"
            r"|(?:to |can |will |may |and |or |help |helps |help you |i |we )?heal(?! shiatsu)"
            rf"|{_NAMES_OF_METHODS}healing(?! (?:shiatsu|tao|arts?|music|sounds?|touch|trust|therap|bowls))"
        ),
        CURE, CURE_BETTER, HEALTH,
    ),
    Rule(
        whole(
            rf"(?:eliminat(?:es?|ed|ing)|banish(?:es|ed|ing)?|gets? rid of|getting rid of|eradicat(?:es?|ed|ing)|fix(?:es|ed|ing)?"
            rf"|stops?|ends?|remov(?:es?|ed|ing)) (?:[\w'-]+ ){{0,3}}?{_TROUBLES}"
        ),
        CURE, CURE_BETTER, HEALTH,
    ),
    Rule(
        whole(
            r"pain[\s-]free|free (?:of|from) pain|(?:clinically|scientifically|medically) proven|proven (?:to|results)"
            r"|miracles?|miraculous(?:ly)?|works every time|lasting relief|permanent(?:ly)? (?:relief|results|solution)"
            r"|perfect solution to [\w' -]*pain"
        ),
        CURE, CURE_BETTER, HEALTH,
    ),
    Rule(
        whole(
            r"detox(?:es|ed|ing|ify|ifies|ification)?|(?:release|flush|remove)(?:s|d|ing)?(?: out)? toxins"
            r"|boost(?:s|ed|ing)? (?:\w+ ){0,2}immun(?:e|ity)(?: system)?|balanc(?:es?|ed|ing) (?:\w+ )?hormones?"
            r"|realign(?:s|ed|ing)? (?:\w+ )?(?:spine|pelvis|hips?|vertebrae|back)|correct(?:s|ed|ing)? (?:\w+ )?posture"
            r"|(?:break|breaks|breaking|dissolv(?:es?|ing)) (?:down |up )?(?:\w+ )?(?:knots?|adhesions?|scar tissue)"
            r"|induc(?:es?|ed|ing) labour|turn(?:s|ed|ing)? a breech|regrow(?:s|n|ing)? \w+|shrink(?:s|ing)? tumou?rs?"
            r"|speeds? up healing"
        ),
        _PHYSICAL, _PHYSICAL_BETTER, HEALTH,
    ),
    Rule(
        whole(
            r"(?:alternative to|instead of|replac(?:es?|ing)|better than|without the need for)"
            r" (?:\w+ ){0,2}?(?:medicines?|medications?|drugs|surgery|tablets|painkillers|doctors?|chemotherapy|injections?)"
        ),
        _INSTEAD, _INSTEAD_BETTER, HEALTH,
    ),
    Rule(
        whole(
            r"(?<!parking is )(?<!privacy is )(?<!place is )guarante(?:e|es|ed|eing)(?! (?:\w+ ){0,3}(?:parking|privacy|private|place|space|slot|appointment|confidential))"
        ),
        _GUARANTEE, _GUARANTEE_BETTER, HEALTH,
    ),
    Rule(
        whole(
            r"(?:state |fully |officially )?registered(?! (?:charity|compan|office|address|address|trade ?mark|blind|with hmrc|"
            r"with the ico|(?:\w+ )?in england and wales)|[^.]{0,20}\bhmrc)"
            r"|(?:fully |nationally )?accredited|licen[sc]ed(?! (?:premises|bar|taxi|venue|cafe))"
            r"|certified|certificated|(?:officially |government )?(?:endorsed|approved|recogni[sz]ed) by"
        ),
        _TERM, _TERM_BETTER, TERMS,
    ),
    Rule(
        whole(rf"(?:fully|highly|best|suitably|professionally|properly) qualified|qualified {_PEOPLE}"),
        _QUALIFIED, _QUALIFIED_BETTER, TERMS,
    ),
    Rule(
        whole(
            rf"(?:simply )?(?:the |our |my |one of the )?(?:very )?best (?!for you)(?:(?!way|time|thing|to|place|position|friend|known|if)\w+ )"
            rf"{{0,2}}?(?:{_PEOPLE}|{_WORK})(?! (?:plan )?for you)|(?:the )?(?:very )?best (?:in|around) (?:\w+ )?\w+"
            rf"|(?:[\w']+ )?leading (?:(?!to\b|a\b|the\b|up\b)\w+ ){{0,2}}?(?:{_PEOPLE}|{_WORK}|names?|provider)"
            r"|(?:number one|no\.? ?1|#1)(?! (?:priority|concern|aim|rule|goal|reason|high|street|road|bus|\w+ (?:street|road|lane)))"
            r"|(?:the |\w+'s )?most (?:experienced|qualified|skilled|skilful|trusted|effective|advanced|renowned|respected|powerful|sought[\s-]after)"
            r"|(?:the |\w+'s )finest|top[\s-]rated|(?:the )?top (?:" + _PEOPLE + r")|world[\s-](?:class|leading|famous|renowned)"
            r"|unrivalled|unparalleled|unbeatable|second to none|unmatched|(?:the )?(?:cheapest|lowest prices?)"
            r"|(?:the )?greatest (?:" + _PEOPLE + "|" + _WORK + r")"
        ),
        _BEST, _BEST_BETTER, DUTY,
    ),
    Rule(
        whole(
            r"testimonials?|(?:my |our |many |happy |satisfied |most )*(?:clients?|patients?|customers?)"
            r" (?:all |often |always |usually |have )*(?:say|says|said|tell me|told me|report|reports|wrote|writes|rave|love|swear)"
            r"|(?:five|5)[\s-]stars?|(?:highly |warmly )?recommended by (?:\w+ )?(?:clients?|patients?|doctors?|everyone|gps|many)"
            r'|"[^"\n]{20,}"\s*-\s*\w+'
        ),
        _TESTIMONIAL, _TESTIMONIAL_BETTER, TESTIMONIALS,
    ),
)  # fmt: skip


PAIN = r"(?:chronic |back |neck |joint )?pain"
BETWEEN = r"(?:[\w'-]+[ ,/&]+)"
TREATS = (
    r"(?:treat(?! yourself| you\b| everyone| everybody| each| all\b)s?|treated|treating|treatments? (?:for|of)|remed(?:y|ies) for"
    r"|therapy for|relief (?:of|from)|relieves?|relieving|solution to|solves?|gets? to the root of)"
)
HELPS = (
    r"(?:help|helps|helped|helping|helpful|good for|great for|effective (?:for|against|in|with)|beneficial (?:for|in)"
    r"|benefits?|works? (?:for|against|wonders)|eas(?:e|es|ing)|alleviat(?:e|es|ing)|reduc(?:e|es|ing)|manag(?:e|es|ing)"
    r"|combat(?:s|ing)?|overcom(?:e|es|ing)|resolv(?:e|es|ing)|improv(?:e|es|ing)|support(?:s|ing)? (?:with|for)"
    r"|speciali[sz](?:e|es|ing) in|specialist in)"
)
