"""A profile for machines, in the words of schema.org. It says no more than the page does."""

from typing import Any

from directory.http.words import plain_message
from directory.lib import clock
from directory.models import Status
from directory.models.practitioners import minor_units
from directory.services.profiles import Profile, usual_session


def person(profile: Profile, address: str) -> dict[str, Any]:
    """JSON-LD of a profile. Memberships are named only where somebody checked them and they are in date."""
    listing = profile.practitioner
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "url": address,
        "dateModified": clock.day_of(listing.updated_at).isoformat(),
        "mainEntity": _person(profile, address),
    }
    price = usual_session(listing.prices)
    if price is not None:
        amount = price.amount_minor / minor_units(price.currency)
        data["mainEntity"]["makesOffer"] = {
            "@type": "Offer",
            "price": f"{amount:.2f}",
            "priceCurrency": price.currency,
        }
    return data


def _person(profile: Profile, address: str) -> dict[str, Any]:
    listing = profile.practitioner
    found: dict[str, Any] = {
        "@type": "Person",
        "@id": f"{address}#person",
        "name": listing.name,
        "alternateName": [other.name for other in listing.other_names if other.is_shown],
        "knowsAbout": [training.modality.name for training in listing.trainings],
        "knowsLanguage": [spoken.language for spoken in listing.languages],
        "memberOf": [
            {"@type": "Organization", "name": one.body_name, "description": plain_message(one.sentence)}
            for one in profile.standings
            if one.status is Status.CHECKED
        ],
        "workLocation": [
            {
                "@type": "Place",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": place.town,
                    "postalCode": place.postcode_area,
                    "addressCountry": place.country,
                },
            }
            for place in listing.places
        ],
        "url": listing.website,
    }
    return {name: value for name, value in found.items() if value}
