"""What a column of a register can say, and the headings under which bodies keep it, in their languages."""

from typing import NamedTuple

from directory.lib.folding import plain
from directory.lib.words import N_


class Field(NamedTuple):
    """A thing that a list may say of a person. `headings` are folded; `most` is how long a value may be.

    `is_many` where several columns may say it.
    """

    name: str
    label: str
    headings: tuple[str, ...]
    most: int
    is_many: bool = False


def _field(name: str, label: str, headings: str, most: int, *, is_many: bool = False) -> Field:
    named = name.replace("_", " ")
    return Field(name, label, tuple({plain(one): None for one in (named, *headings.split(","))}), most, is_many)


# In the order in which a page asks for them.
FIELDS = (
    _field(
        "number",
        N_("Number"),
        (
            "membership number,member number,member no,membership no,membership id,member id,registration number,"
            "registration no,registration id,reg no,reg number,register number,registrant number,registrant id,"
            "licence number,license number,licence no,license no,practitioner number,certificate number,pin,no,nr,id,"
            "mitgliedsnummer,mitglied nr,mitglieds nr,registernummer,registriernummer,numéro,numéro de membre,"
            "numéro d'adhérent,n° adhérent,numéro d'inscription,n° d'enregistrement,numero,numero di iscrizione,"
            "numero tessera,tessera,número,número de socio,número de colegiado,lidnummer,registratienummer,"
            "registratiecode,会員番号,登録番号,番号"
        ),
        60,
    ),
    _field(
        "name",
        N_("Name, whole"),
        (
            "full name,member,member name,practitioner,practitioner name,registrant,registrant name,therapist,"
            "therapist name,person,display name,vollständiger name,vor und nachname,nom complet,nom et prénom,"
            "prénom et nom,nome e cognome,cognome e nome,nombre completo,nombre y apellidos,naam,volledige naam,"
            "氏名,名前"
        ),
        150,
    ),
    _field(
        "given_name",
        N_("Given name"),
        (
            "first name,first names,forename,forenames,firstname,first,given,given names,vorname,vornamen,prénom,"
            "prénoms,nome,nombre,voornaam,roepnaam,fname,名"
        ),
        80,
    ),
    _field(
        "family_name",
        N_("Family name"),
        (
            "last name,lastname,surname,last,family,nachname,familienname,zuname,nom,nom de famille,cognome,apellido,"
            "apellidos,achternaam,lname,姓"
        ),
        80,
    ),
    _field(
        "grade",
        N_("Grade"),
        (
            "membership grade,member grade,category,membership category,membership type,member type,level,"
            "membership level,letters,post nominals,postnominals,class,type,status type,mitgliedschaft,stufe,"
            "mitgliedsart,catégorie,niveau,type de membre,categoria,livello,qualifica,categoría,lidmaatschap,"
            "会員種別,資格"
        ),
        120,
    ),
    _field(
        "disciplines",
        N_("Disciplines"),
        (
            "discipline,therapy,therapies,modality,modalities,treatment,treatments,profession,professions,practice,"
            "specialism,specialisms,scope,methode,methoden,fachrichtung,verfahren,disziplin,pratique,pratiques,"
            "méthode,méthodes,spécialité,spécialités,disciplina,discipline praticate,metodo,especialidad,disciplinas,"
            "therapie,therapieën,療法"
        ),
        400,
        is_many=True,
    ),
    _field(
        "town",
        N_("Town"),
        (
            "city,post town,town city,town or city,location,place,based in,area,ort,wohnort,stadt,praxisort,ville,"
            "commune,lieu,città,comune,luogo,ciudad,localidad,población,plaats,woonplaats,practice town,市区町村,都市"
        ),
        100,
    ),
    _field(
        "postcode",
        N_("Postcode (only its first half is kept)"),
        (
            "post code,postal code,zip,zip code,zipcode,eircode,outward code,practice postcode,plz,postleitzahl,"
            "code postal,cap,codice postale,código postal,郵便番号"
        ),
        20,
    ),
    _field(
        "telephone",
        N_("Telephone (kept as a hash, to compare)"),
        (
            "phone,tel,tel no,phone number,telephone number,contact number,mobile,mobile phone,telefon,telefonnummer,"
            "handy,téléphone,tél,portable,telefono,cellulare,teléfono,móvil,telefoon,telefoonnummer,電話,電話番号"
        ),
        60,
    ),
    _field(
        "email",
        N_("E-mail address (kept as a hash, to compare)"),
        "e mail,email address,e mail address,mail,e mail adresse,courriel,adresse mail,posta elettronica,correo,メール",
        254,
    ),
    _field(
        "website",
        N_("Website (kept as a hash, to compare)"),
        "web,url,web site,web address,homepage,internet,webseite,site,site web,site internet,sito,sito web,sitio web",
        300,
    ),
    _field(
        "valid_from",
        N_("Member since"),
        (
            "member since,joined,date joined,join date,since,start date,registered since,registration date,"
            "date registered,registered on,mitglied seit,seit,eintritt,beitritt,membre depuis,depuis,date d'adhésion,"
            "iscritto dal,dal,socio desde,desde,lid sinds,sinds,入会日"
        ),
        40,
    ),
    _field(
        "valid_to",
        N_("Valid to"),
        (
            "valid until,expires,expiry,expiry date,expires on,expiration date,member until,membership until,"
            "membership expires,renewal,renewal date,paid until,end date,registration expires,registered until,"
            "gültig bis,mitglied bis,ablauf,valable jusqu'au,valable jusqu au,fin de validité,échéance,scadenza,"
            "valido fino al,válido hasta,vence,geldig tot,einddatum,有効期限"
        ),
        40,
    ),
    _field(
        "ended_on",
        N_("Ended on"),
        (
            "ended,date ended,left,left on,date left,removed on,date removed,removal date,resigned on,lapsed on,"
            "termination date,austritt,ausgetreten am,date de sortie,radié le,cessazione,fecha de baja,uitgeschreven"
        ),
        40,
    ),
    _field(
        "standing",
        N_("Standing (listed, ended, suspended)"),
        (
            "status,membership status,member status,registration status,register status,state,active,current,"
            "mitgliedsstatus,statut,état,situation,stato,estado,situación,toestand,状態"
        ),
        120,
    ),
    _field(
        "notice",
        N_("Notice or sanction (its address, or words)"),
        (
            "notices,sanction,sanctions,restriction,restrictions,conditions,disciplinary,fitness to practise,outcome,"
            "notice url,public notice,hinweis,auflagen,avis,avertissement,provvedimento,sanzione,sanción,maatregel"
        ),
        300,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
# What a row consists of: the parts of a name are one by then. Hashes of rows rest on the order: only add to its end.
KEPT = (
    *("number", "name", "grade", "disciplines", "town", "postcode", "telephone", "email", "website"),
    *("valid_from", "valid_to", "ended_on", "standing", "notice"),
)
DATES = ("valid_from", "valid_to", "ended_on")
