"""What the words of a body say of a membership: that it goes on, has ended, or that there is a notice."""

import re
from functools import lru_cache

from directory.lib import contacts
from directory.lib.folding import plain
from directory.models import Shown

_LISTED = (
    "active,current,registered,register,member,full,full member,full membership,valid,yes,y,true,1,in good standing,"
    "good standing,paid,paid up,live,ok,listed,practising,practicing,fully registered,renewed,accredited,licensed,"
    "approved,aktiv,gültig,ja,mitglied,eingetragen,actif,active,oui,valide,inscrit,attivo,attiva,sì,si,iscritto,valido,"
    "activo,activa,vigente,sí,actief,geldig,ingeschreven,有効,会員,x,✓,✔"
)
_ENDED = (
    "inactive,lapsed,expired,ended,resigned,removed,left,former,former member,retired,ceased,cancelled,canceled,"
    "terminated,deceased,died,not renewed,no,n,false,0,withdrawn,not current,not active,not registered,past,"
    "membership ended,voluntary removal,voluntarily removed,abgelaufen,ausgetreten,nein,inaktiv,ehemalig,beendet,"
    "expiré,inactif,inactive,non,ancien membre,démissionné,scaduto,scaduta,cessato,cessata,non attivo,baja,caducado,"
    "inactivo,verlopen,uitgeschreven,inactief,nee,失効,退会"
)
_NOTICE = re.compile(
    r"\b(?:suspen\w+|struck off|strike off|erased|expelled|exclu\w+|conditions?|restrict\w+|sanction\w*|warning|"
    r"interim|investigat\w+|disciplin\w+|gesperrt|ausgeschlossen|suspendu\w*|radi[e]e?s?|sospes\w+|radiat\w+|"
    r"suspendid\w+|expulsad\w+|geschorst|geroyeerd)\b|停止|除名"
)
_NOT_EXCLUDED = re.compile(r"\b(?:no|without|keine?|sans|aucune?|nessun\w*|sin|geen)\b")
_NONE = "no,none,false,0,n,nein,keine,non,aucun,aucune,nessuna,no hay,nee,geen,なし"
_NO_NOTICE = frozenset(plain(word) or word for word in _NONE.split(","))
_LISTED_WORDS = frozenset(plain(word) or word for word in _LISTED.split(","))
_ENDED_WORDS = frozenset(plain(word) or word for word in _ENDED.split(","))


@lru_cache(maxsize=5_000)
def standing(text: str) -> Shown:
    """What a word in the column of standings says. None at all: that somebody is listed."""
    folded = plain(text) or text
    if not text or folded in _LISTED_WORDS:
        return Shown.LISTED
    if folded in _ENDED_WORDS:
        return Shown.ENDED
    if _NOTICE.search(folded) and not _NOT_EXCLUDED.search(folded):
        return Shown.NOTICE
    return Shown.UNCLEAR


@lru_cache(maxsize=5_000)
def notice(text: str) -> tuple[bool, str | None]:
    """Whether a cell in the column of notices tells of one, and its address if it is one."""
    if not text or plain(text) in _NO_NOTICE:
        return False, None
    address = contacts.website(text)[0] if "." in text and " " not in text.strip() else None
    return True, address
