"""Search, profiles, comparison."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape
from segno import helpers

from directory.config import Settings
from directory.http import fragments
from directory.http.access import anyone
from directory.http.addresses import absolute, code
from directory.http.revisits import lasting
from directory.http.words import country_name, plain_message
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Practitioner, Regulation
from directory.services import enquiries, guide, profiles, recommendations, search
from directory.services.profiles import Profile
from directory.services.search import Criteria
from directory.web.public import cards, circles, days, facets, structured_data
from directory.web.public.days import Days

bp = Blueprint("public_practitioners", __name__)

MAX_KEPT = 6
_WORDS, _NEAR = fragments.gap("words"), fragments.gap("near")
_PUBLIC_ID = re.compile("[0-9a-z]{4,32}")


@bp.get("/practitioners")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """Search results."""
    settings, day = _settings(), _today()
    referrals = guide.medical_concerns(request.args.get("q", ""), request.args.getlist("concern"))
    if referrals and set(request.args.getlist("concern")) & {concern.id for concern in referrals}:
        return redirect(url_for("public_concerns.show", concern_id=referrals[0].id), 303)
    circle = circles.of_asker()
    asked = search.understand(request.args.to_dict(flat=False), day, search_site(settings), circle.ids)
    kept = _kept()
    shared = _shared(asked, kept)
    if asked.is_unclear:
        return render_template("public/practitioners/which_place.html", **shared)
    criteria = asked.criteria
    results = search.find(criteria)
    if criteria.page > max(results.pages, 1):
        return redirect(address(criteria, page=max(results.pages, 1), kept=kept), 303)
    pages = _addresses(criteria)
    return render_template(
        "public/practitioners/index.html",
        **shared,
        results=results,
        cards=cards.render(
            results.hits,
            criteria,
            cards.Shortlist(kept, lambda new: pages(criteria.page, new), compare_address(kept)),
            circle.said(results.hits),
        ),
        circle=circle.filter(criteria, results.total),
        facets=facets.render(criteria, results, asked.names),
        chips=facets.chips(criteria, asked.names),
        flags=guide.red_flags(guide.concerns_meant(criteria.words, criteria.filters.get(search.Facet.CONCERN, ()))),
        sorts=_sorts(criteria),
        referrals=referrals,
        pages=_pages(criteria.page, results.pages),
        page_address=pages,
        widening=search.widen(criteria, results.total, settings.distance_unit),
        loosenings=[] if results.total else search.loosen(criteria),
        correction=None if results.total or referrals or not criteria.words else search.correct(criteria),
    )


def _shared(asked: search.Asked, kept: Sequence[str]) -> dict[str, Any]:
    """What a page of results and one that asks which place was meant have in common."""
    within = asked.criteria.within or search.usual_within(_settings().distance_unit)
    return {
        "asked": asked,
        "criteria": asked.criteria,
        "kept": kept,
        "form": _form(asked.criteria.words, asked.near, within, kept),
        "address": address,
        "radius_words": search.radius_words,
        "notice_address": notice_address,
        "compare_address": compare_address,
    }


@bp.get("/practitioners/compare")
@anyone
@lasting()
def compare() -> ResponseReturnValue:
    """The shortlist, side by side. It lives in the address."""
    kept = _kept()
    found = profiles.find_public(kept)
    to = [one.public_id for one in found[: enquiries.MOST]]
    return render_template(
        "public/practitioners/compare.html",
        cards=profiles.cards([one.id for one in found], _today()),
        kept=[one.public_id for one in found],
        missing=len(kept) - len(found),
        compare_address=compare_address,
        search_address=lambda keep: notice_address([("keep", one) for one in keep]),
        most_at_once=enquiries.MOST,
        enquiry_address=url_for("public_enquiries.ask", to=to),
        summary_address=url_for("public_consultation.ask", to=to),
    )


@bp.get("/practitioners/<string(maxlength=32):public_id>/<string(maxlength=120):slug>")
@anyone
@lasting("Referer")
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """A profile. With `on` or `known` in the address, its statements as they stood then."""
    asked = days.asked()
    profile = _profile(public_id, asked)
    listing = profile.practitioner
    if slug != listing.slug:
        return redirect(address_of(listing, asked), 301)
    place = listing.places[0] if listing.places else None
    profession = "shiatsu" if any(one.modality.is_shiatsu for one in listing.trainings) else "massage"
    regulation = guide.regulation_for(listing.country, guide.region_of(place) if place else None, profession)
    came_from = _ways_back()
    kept = parse_qs(urlsplit(came_from or "").query).get("keep", [])
    own_address = absolute(url_for(".show", public_id=public_id, slug=slug))
    return render_template(
        "public/practitioners/show.html",
        profile=profile,
        asked=asked,
        listing=listing,
        place=place,
        regulation=regulation,
        law_place=place_of_law(profession, regulation, listing.country, place.region if place else None),
        since=min([listing.listed_on, *(standing.claim.stated_on for standing in profile.standings)]),
        flags=guide.red_flags([link.concern_id for link in profile.concerns]),
        no_enquiries=enquiries.why_not(listing.id, _today()),
        keep_address=compare_address([*kept, *([public_id] if public_id not in kept else [])]),
        days_since=lambda day: (_today() - day).days,
        structured=None if asked.is_past else structured_data.person(profile, own_address),
        qr=code(own_address),
        own_address=own_address,
        ways_back=came_from,
        notes=recommendations.public_of(listing.id),
        takes_notes=recommendations.why_off(listing) is None,
        circle=[] if asked.is_past else circles.of_asker().notes(listing.id),
    )


@bp.get("/practitioners/<string(maxlength=32):public_id>/<string(maxlength=120):slug>/contact.vcf")
@anyone
@lasting()
def contact(public_id: str, slug: str) -> ResponseReturnValue:
    """A practitioner for an address book: what is public, and where to look again."""
    profile = _profile(public_id, None)
    listing = profile.practitioner
    if slug != listing.slug:
        abort(404)
    given, _, family = listing.name.rpartition(" ")
    place = listing.places[0] if listing.places else None
    card = helpers.make_vcard_data(
        name=f"{_plain(family)};{_plain(given)}",
        displayname=_plain(listing.name),
        org=_plain(listing.business) if listing.business else None,
        url=[
            address
            for address in (absolute(url_for(".show", public_id=public_id, slug=slug)), listing.website)
            if address is not None
        ],
        city=_plain(place.town) if place else None,
        zipcode=place.postcode_area if place else None,
        country=listing.country,
        memo=_plain(" ".join(plain_message(standing.sentence) for standing in profile.standings)) or None,
    )
    name = f"{listing.slug}.vcf"
    return Response(card, mimetype="text/vcard", headers={"Content-Disposition": f"attachment; filename={name}"})


def address_of(listing: Practitioner, asked: Days) -> str:
    """The page of a listing, of the days that are asked about."""
    parameters: dict[str, Any] = asked.parameters
    return url_for("public_practitioners.show", public_id=listing.public_id, slug=listing.slug, **parameters)


def _profile(public_id: str, asked: Days | None) -> Profile:
    """A profile; one that was taken down is gone, which is more than not there."""
    try:
        return profiles.get(public_id, asked.on, asked.known_at) if asked else profiles.get(public_id, _today())
    except profiles.TakenDown:
        abort(410)


def _form(words: str, near: str, within: str, kept: Sequence[str]) -> Markup:
    """The search form, with what was typed."""
    macro = fragments.macro("components/search_form.html", "search_form")
    unit, key = _settings().distance_unit, ("components/search_form.html", within, *kept)
    form = fragments.shape(
        key, lambda: macro(search.distances(unit, within), _WORDS, _NEAR, within, kept), _WORDS, _NEAR
    )
    return Markup(form % {"words": escape(words), "near": escape(near)})  # noqa: S704  both are escaped


def search_site(settings: Settings) -> search.Site:
    """What a search needs to know of the site."""
    return search.Site(settings.countries, settings.distance_unit, settings.concern_pairing)


def address(criteria: Criteria, *, page: int = 1, kept: Sequence[str] = ()) -> str:
    """The address that always gives this search."""
    parameters = [*criteria.parameters, *([("page", str(page))] if page > 1 else []), *(("keep", one) for one in kept)]
    path = fragments.address_of("public_practitioners.index")
    return path + (f"?{urlencode(parameters)}" if parameters else "")


def _addresses(criteria: Criteria) -> Callable[..., str]:
    """Gives the addresses of the pages of one search, with a shortlist: `address`, with most of it worked out once."""
    path, search_for = fragments.address_of("public_practitioners.index"), criteria.parameters
    common = [urlencode(search_for)] if search_for else []

    def page_address(page: int, kept: Sequence[str] = ()) -> str:
        rest = [*([f"page={page}"] if page > 1 else []), *(f"keep={one}" for one in kept)]
        return path + ("?" + "&".join([*common, *rest]) if common or rest else "")

    return page_address


def notice_address(parameters: Sequence[tuple[str, str]]) -> str:
    """The address of another search that a notice offers."""
    return url_for("public_practitioners.index") + f"?{urlencode(parameters)}"


def compare_address(kept: list[str]) -> str:
    """The address of a shortlist."""
    return url_for("public_practitioners.compare") + (f"?{urlencode([('keep', one) for one in kept])}" if kept else "")


def _plain(text: str) -> str:
    """Without line breaks, which an address book would read as the next field."""
    return " ".join(text.split())


def place_of_law(profession: str, regulation: Regulation | None, country: str, region: str | None) -> str:
    """The profession and the place whose law is told: shiatsu in London."""
    where = _place_of_law(regulation, country, region)
    return str(
        gettext("shiatsu in %(place)s", place=where)
        if profession == "shiatsu"
        else gettext("massage in %(place)s", place=where)
    )


def _place_of_law(regulation: Regulation | None, country: str, region: str | None) -> str:
    if regulation is not None and regulation.subdivision == guide.LONDON:
        return str(gettext("London"))
    return region if country == "GB" and region else country_name(country)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _today() -> dt.date:
    return clock.today(_settings().zone)


def _kept() -> list[str]:
    given = [one for one in request.args.getlist("keep") if _PUBLIC_ID.fullmatch(one)]
    return list(dict.fromkeys(given))[:MAX_KEPT]


def _ways_back() -> str | None:
    """The search that led here, so that one can go on with the list."""
    referrer = request.referrer or ""
    start = absolute(url_for(".index")) + "?"
    return referrer.removeprefix(absolute("/").rstrip("/")) if referrer.startswith(start) else None


def _sorts(criteria: Criteria) -> list[tuple[search.Sort, str]]:
    """Orders that make sense for a search, with the words of a link to them."""
    found = [(search.Sort.NAME, N_("Sort by name"))]
    if criteria.spot is not None:
        found.append((search.Sort.DISTANCE, N_("Nearest first")))
    if criteria.words:
        found.append((search.Sort.RELEVANCE, N_("Best fit of the words first")))
    if criteria.usual_sort is search.Sort.SHUFFLE:
        found.append((search.Sort.SHUFFLE, N_("In the order of the day")))
    return found


def _pages(current: int, last: int) -> list[int | None]:
    """Numbers of pages to link to; None stands for those left out."""
    shown = sorted({1, last, *range(max(current - 1, 1), min(current + 1, last) + 1)})
    found: list[int | None] = []
    for number in shown:
        if found and found[-1] is not None and number - found[-1] > 1:
            found.append(None)
        found.append(number)
    return found
