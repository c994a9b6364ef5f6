"""What a column of a spreadsheet can say, and the headings under which people keep it."""

from typing import NamedTuple

from directory.lib.folding import plain


class Field(NamedTuple):
    """A thing that the directory wants to know. `headings` are folded; `is_many` where several columns may say it."""

    name: str
    explanation: str
    headings: tuple[str, ...]
    is_many: bool = False


def _field(name: str, explanation: str, headings: str, *, is_many: bool = False) -> Field:
    named = name.replace("_", " ")
    return Field(name, explanation, tuple({plain(h): None for h in (named, *headings.split(","))}), is_many)


FIELDS = (
    _field(
        "reference",
        "Your own number for the person. Best: it never changes.",
        (
            "id, ref, ref no, reference number, practitioner id, record id, contact id, kundennummer, identifiant, "
            "row id, unique id, key, listing id"
        ),
    ),
    _field(
        "name",
        "The whole name, or use given_name and family_name.",
        (
            "full name, practitioner, practitioner name, therapist, therapist name, display name, contact, contact "
            "name, person, name and letters, nom complet, vollständiger name, nom et prénom, vor und nachname, member "
            "name, who"
        ),
    ),
    _field(
        "given_name",
        "The first name, where it has a column of its own.",
        "first name, forename, firstname, christian name, first, given, vorname, prénom, fname",
    ),
    _field(
        "family_name",
        "The last name, where it has a column of its own.",
        ("last name, surname, lastname, last, family, nachname, familienname, nom, nom de famille, lname, second name"),
    ),
    _field(
        "other_names",
        "Former names and other names under which people look.",
        (
            "also known as, aka, known as, former name, former names, maiden name, previous name, nickname, alias, "
            "other name, geburtsname"
        ),
        is_many=True,
    ),
    _field(
        "business",
        "The name of the practice.",
        (
            "business name, company, practice, practice name, clinic, clinic name, trading name, trading as, "
            "organisation, organization, firma, praxis, entreprise, cabinet, company name, studio"
        ),
    ),
    _field(
        "modalities",
        "Kinds of treatment, several in one cell or in several columns.",
        (
            "modality, therapy, therapies, treatment, treatments, treatments offered, therapies offered, methods, "
            "method, services, service, specialism, style, styles, type of massage, massage type, massage types, "
            "kinds of treatment, techniques, discipline, disciplines, methoden, methode, behandlungen, anwendungen, "
            "angebot, pratiques, soins, techniques pratiquées, what they do, offers"
        ),
        is_many=True,
    ),
    _field(
        "concerns",
        "What the practitioner often works with.",
        (
            "concern, conditions, works with, often works with, specialises in, specialities, specialties, "
            "specialisms, areas of interest, helps with, issues, special interests, focus, schwerpunkte, beschwerden, "
            "troubles"
        ),
        is_many=True,
    ),
    _field(
        "town",
        "The town. Needed, unless there is a postcode or the person works online only.",
        (
            "city, post town, town city, town or city, location, place, area covered, ort, stadt, wohnort, ville, "
            "where, based in, base, city town, town village, practice town, postal town"
        ),
    ),
    _field(
        "locality",
        "Part of the town, or village.",
        "district, village, neighbourhood, neighborhood, suburb, area, stadtteil, quartier",
    ),
    _field(
        "postcode",
        "Postcode or Eircode, whole or in part. Only the first half is kept.",
        (
            "post code, postal code, zip, zip code, zipcode, eircode, p code, pcode, plz, postleitzahl, code postal, "
            "outward code, practice postcode"
        ),
    ),
    _field(
        "country",
        "The country, by name or code. Empty: the site's own.",
        "land, pays, nation, country code",
    ),
    _field(
        "address",
        "Street address. It is kept, and never shown unless the practitioner wishes so.",
        (
            "street, street address, address line, address line 1, address line 2, address 1, address 2, addr, full "
            "address, strasse, straße, adresse, rue, practice address, anschrift"
        ),
        is_many=True,
    ),
    _field(
        "latitude",
        "Latitude in degrees, if you have it.",
        "lat, breitengrad",
    ),
    _field(
        "longitude",
        "Longitude in degrees, if you have it.",
        "long, lng, lon, längengrad",
    ),
    _field(
        "visits",
        "Where sessions take place: their place, home visits, online.",
        (
            "visit, session location, where sessions take place, setting, how, session type, delivery, mode, venue, "
            "practice type"
        ),
    ),
    _field(
        "home_visits",
        "Yes or no: they come to you.",
        "home visit, visits you, mobile therapist, mobile service, hausbesuche, outcalls, domicile",
    ),
    _field(
        "online",
        "Yes or no: sessions online.",
        "online sessions, zoom, remote, virtual, video, offers online",
    ),
    _field(
        "languages",
        "Languages in which they work.",
        "language, spoken languages, languages spoken, speaks, sprachen, sprache, langues, langue",
        is_many=True,
    ),
    _field(
        "gender",
        "Woman, man or non-binary.",
        "sex, gender identity, geschlecht, genre, sexe, m f, f m",
    ),
    _field(
        "pressure",
        "How firmly they work: light, medium, firm, vigorous, or from light to firm.",
        "touch, pressure level, strength, massage pressure, firmness, druck, pression",
    ),
    _field(
        "access",
        "Access: step-free, hearing, sight, neurodivergent-friendly, scent-free, chair, futon.",
        (
            "accessibility, access needs, access notes, access information, disabled access notes, barrierefreiheit, "
            "accessibilité"
        ),
        is_many=True,
    ),
    _field(
        "step_free",
        "Yes or no: reached without a step.",
        (
            "wheelchair access, wheelchair, wheelchair accessible, step free access, disabled access, level access, "
            "barrierefrei"
        ),
    ),
    _field(
        "accepting",
        "Taking new clients: yes, no, waiting list.",
        (
            "accepting clients, accepting new clients, taking clients, taking new clients, new clients, available, "
            "availability status, open to new clients, status"
        ),
    ),
    _field(
        "availability",
        "Days and hours, in words.",
        "days, hours, opening hours, opening times, working hours, times, öffnungszeiten, horaires",
    ),
    _field(
        "prices",
        "Prices as people write them; several with semicolons.",
        (
            "price, cost, costs, fee, fees, rate, rates, charge, charges, price per hour, hourly rate, session price, "
            "price list, tarif, tarifs, preis, preise, prix, cost per session, session fee, price gbp, price eur, how "
            "much"
        ),
        is_many=True,
    ),
    _field(
        "minutes",
        "Length of a session, in minutes.",
        (
            "duration, length, session length, mins, length of session, session duration, dauer, durée, time, minutes "
            "per session"
        ),
    ),
    _field(
        "email",
        "E-mail address of the practitioner. It is kept, and never shown.",
        (
            "e mail, email address, e mail address, mail, contact email, courriel, mel, adresse mail, primary email, "
            "work email"
        ),
    ),
    _field(
        "telephone",
        "Telephone number. It is kept, and not shown to anonymous visitors.",
        (
            "phone, tel, mobile, mobile number, mobile phone, cell, phone number, telephone number, tel no, "
            "contact number, telefon, handy, téléphone, telephone no, landline, work phone, mob"
        ),
    ),
    _field(
        "website",
        "Website.",
        ("web, url, web site, web address, homepage, site, site web, webseite, link, web page, website address, www"),
    ),
    _field(
        "text",
        "What the practitioner says of themselves.",
        (
            "description, about, about me, bio, biography, profile, details, blurb, notes for public, statement, über "
            "mich, beschreibung, à propos, summary, introduction, listing text, info"
        ),
    ),
    _field(
        "insurance",
        "Yes, or the name of the insurer.",
        (
            "insured, insurer, insurance company, indemnity, versicherung, assurance, professional indemnity, "
            "insurance provider"
        ),
    ),
    _field(
        "school",
        "Where they trained.",
        (
            "training, training school, trained at, college, school name, ausbildung, formation, qualification, "
            "qualifications, school of shiatsu, training provider"
        ),
    ),
    _field(
        "since",
        "The year since which they practise.",
        (
            "year qualified, qualified, qualified in, practising since, year, start year, since year, qualification "
            "year, seit, depuis, practicing since, trained in"
        ),
    ),
    _field(
        "body",
        "Professional body, by name, abbreviation or letters.",
        (
            "professional body, member of, membership, memberships, association, professional association, register, "
            "registered with, accreditation, accredited by, verband, fédération, society, regulator, bodies, "
            "professional bodies, member body"
        ),
        is_many=True,
    ),
    _field(
        "grade",
        "Grade or letters of the membership.",
        (
            "membership grade, letters, post nominals, member grade, membership level, membership type, category, "
            "grade of membership"
        ),
    ),
    _field(
        "number",
        "Membership number.",
        (
            "membership number, member number, member no, membership no, registration number, reg no, registration "
            "no, register number, mitgliedsnummer, numéro de membre, licence number, license number, pin"
        ),
    ),
    _field(
        "until",
        "Member until.",
        (
            "membership expires, expiry, expires, expiry date, valid until, valid to, member until, membership until, "
            "renewal, renewal date, membership end, gültig bis, valable jusqu au, paid until, end date"
        ),
    ),
)

BY_NAME = {field.name: field for field in FIELDS}
