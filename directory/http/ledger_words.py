"""What each kind of entry in the ledger, and each fact in it, is called on pages: the one table of them."""

from collections.abc import Mapping

from directory.lib.words import N_

KINDS: Mapping[str, str] = {
    "account-deactivated": N_("Account switched off"),
    "account-activated": N_("Account switched on"),
    "account-erased": N_("Account erased"),
    "account-invited": N_("Somebody invited to the desk"),
    "role-changed": N_("Role changed"),
    "role-given": N_("Role given"),
    "claim-stated": N_("Membership stated"),
    "claim-changed": N_("Stated membership changed"),
    "claim-withdrawn": N_("Statement of membership taken back"),
    "database-restored": N_("Database put back from a backup"),
    "ledger-key-added": N_("Key that signs heads added"),
    "listing-approved": N_("Listing published"),
    "listing-changes-asked": N_("Changes of a listing asked for"),
    "listing-refused": N_("Listing refused"),
    "listing-suspended": N_("Listing suspended"),
    "listing-lifted": N_("Suspension of a listing lifted"),
    "listing-hidden": N_("Listing hidden by its practitioner"),
    "listing-shown-again": N_("Listing shown again by its practitioner"),
    "listing-withdrawn": N_("Listing taken down for good"),
    "listing-erased": N_("Listing erased"),
    "reference-edited": N_("Fact of reference edited"),
    "reference-reviewed": N_("Fact of reference reviewed"),
}
FACTS: Mapping[str, str] = {
    "after": N_("after"),
    "before": N_("before"),
    "body": N_("body"),
    "collection": N_("collection"),
    "entry": N_("entry"),
    "fields": N_("fields"),
    "key": N_("key"),
    "made_at": N_("made at"),
    "outcome": N_("outcome"),
    "revision": N_("revision"),
    "role": N_("role"),
    "version": N_("version"),
}
