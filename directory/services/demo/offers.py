"""What invented people offer: methods, prices, words about themselves, languages, visits, access."""

from collections.abc import Sequence
from random import Random

from directory.services.demo.names import pick
from directory.services.demo.sources import Area, Method, Sources, Tokens
from directory.services.demo.tables import Block

EUROS_FOR_A_POUND = 1.15
DISTANCES_KM = (5, 8, 10, 15, 20, 25, 30)
HOURS = (120, 150, 200, 250, 300, 400, 500, 600, 750)
YEARS_OF_PRACTICE = 32
OLDEST_SIGHT = 1_500


def draw_areas(sources: Sources, country: str, chance: Random) -> tuple[Area, ...]:
    """Where somebody works: one postcode area, or two that are neighbours in the list."""
    areas = sources.areas[country]
    number = sources.area_numbers[country].draw(chance.random())
    if chance.random() < 0.07 and number + 1 < len(areas):
        return areas[number], areas[number + 1]
    return (areas[number],)


def draw_methods(sources: Sources, chance: Random) -> list[Method]:
    """One to six methods, the main one first."""
    luck = chance.random
    wanted = int(sources.shares["method_count"].draw(luck()))
    found = {sources.first_method.draw(luck())}
    methods = [sources.methods[method] for method in found]
    while len(methods) < min(wanted, len(sources.further_method)):
        method = sources.further_method.draw(luck())
        if method not in found:
            found.add(method)
            methods.append(sources.methods[method])
    return methods


def add_trainings(
    sources: Sources, person: int, methods: Sequence[Method], chance: Random, block: Block, days: Sequence[str]
) -> None:
    """What somebody says of their training in each of `methods`; `days` are today and the days before it."""
    luck, rows = chance.random, block.rows["training"]
    year = int(days[0][:4])
    for position, method in enumerate(methods):
        if luck() < 0.22:
            rows.append((person, method.id, position, None, None, None, None))
            continue
        school = pick(sources.words["schools"], chance)
        since = year - 1 - int(luck() * YEARS_OF_PRACTICE)
        hours = pick(HOURS, chance) if luck() < 0.6 else None
        seen_on = days[1 + int(luck() * OLDEST_SIGHT)] if luck() < 0.12 else None
        rows.append((person, method.id, position, school, since, hours, seen_on))


def draw_text(sources: Sources, method: Method, area: Area, chance: Random) -> tuple[str, Tokens]:
    """What somebody says of themselves, with its tokens."""
    luck, words = chance.random, sources.words
    opening = pick(words["openings"], chance).format(method=method.name, years=2 + int(luck() * 30), town="{town}")
    # There are many towns, so a sentence about one is folded in parts.
    before, town, after = opening.partition("{town}")
    sentences = [before.strip(), area.town, after.strip()] if town else [opening]
    text = before + area.town + after if town else opening
    more = [pick(words["focuses"], chance).format(who=pick(words["people"], chance)), pick(words["manners"], chance)]
    if luck() < 0.5:
        more.append(pick(words["further_manners"], chance))
    if luck() < 0.6:
        more.append(pick(words["practical"], chance))
    text = " ".join((text, *more))
    return text, sources.pieces.together((*sentences, *more), text)


def add_prices(sources: Sources, person: int, area: Area, chance: Random, block: Block) -> tuple[int, str]:
    """Prices of sessions. Returns that of an hour, in the smallest coin of its currency."""
    luck = chance.random
    currency = "EUR" if area.country == "IE" else "GBP"
    hour = sources.hour_price[area.prices].draw(luck())
    if currency == "EUR":
        hour = _to_five(hour * EUROS_FOR_A_POUND)
    for minutes in map(int, sources.shares["minutes"].draw(luck()).split()):
        price = hour if minutes == 60 else _to_five(hour * minutes / 60 * (0.95 if minutes > 60 else 1.1))
        block.add_numbered("price", person, None, minutes, price * 100, currency, 0)
    if luck() < 0.12:
        label = pick(sources.words["price_labels"], chance)
        block.add_numbered("price", person, label, 90, _to_five(hour * 1.5) * 100, currency, 0)
    if luck() < 0.22:
        block.add_numbered("price", person, None, 60, _to_five(hour * 0.7) * 100, currency, 1)
    return hour * 100, currency


def _to_five(amount: float) -> int:
    return max(5, round(amount / 5) * 5)


def add_languages(
    sources: Sources, person: int, spoken: Sequence[str], area: Area, chance: Random, block: Block
) -> None:
    """English with few exceptions, often the language of one's family, sometimes that of the place, or another."""
    luck = chance.random
    languages = ["en"] if luck() < 0.985 or not spoken else []
    languages += [language for language in spoken if not languages or luck() < 0.55]
    if area.region == "Wales" and luck() < 0.14:
        languages.append("cy")
    if area.country == "IE" and luck() < 0.06:
        languages.append("ga")
    if luck() < 0.13:
        languages.append(sources.shares["further_languages"].draw(luck()))
    for language in dict.fromkeys(languages):
        block.add("speaks", person, language)


def add_concerns(sources: Sources, person: int, chance: Random, block: Block) -> list[str]:
    """What somebody says they often work with, in the order in which it is indexed."""
    luck = chance.random
    wanted = int(sources.shares["concern_count"].draw(luck()))
    concerns = sorted({sources.concern.draw(luck()) for _ in range(wanted)})
    for concern in concerns:
        block.add("works_with", person, concern)
    return concerns


def draw_pressure(sources: Sources, chance: Random) -> tuple[int | None, int | None]:
    """From and to which degree, or neither."""
    degrees = sources.shares["pressure"].draw(chance.random())
    return (int(degrees[0]), int(degrees[-1])) if degrees else (None, None)


def draw_visits(chance: Random) -> tuple[int, int, int, int | None]:
    """Whether at their place, at yours, online; and how far they travel."""
    luck = chance.random
    yours, online = luck() < 0.34, luck() < 0.09
    theirs = luck() < 0.86 or not yours
    return int(theirs), int(yours), int(online), pick(DISTANCES_KM, chance) if yours else None


def draw_access(sources: Sources, methods: Sequence[Method], chance: Random) -> tuple[int, ...]:
    """Access, in the order of the columns. Who works on a futon or in a chair often says so."""
    luck = chance.random
    shares = sources.access
    on_floor = any(method.on_floor for method in methods)
    in_chair = any(method.in_chair for method in methods)
    return (
        *(int(luck() < shares[name]) for name in ("step_free", "hearing", "sight", "neurodivergent", "scent_free")),
        int(luck() < (0.6 if in_chair else shares["chair"])),
        int(luck() < (0.62 if on_floor else shares["futon"])),
    )
