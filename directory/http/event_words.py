"""What each kind of event is called on pages: the one table of them."""

from collections.abc import Mapping

from directory.lib.words import N_

EVENTS: Mapping[str, str] = {
    "account-started": N_("Account started"),
    "account-confirmed": N_("Address confirmed"),
    "account-invited": N_("Invited"),
    "account-activated": N_("Account switched on"),
    "account-deactivated": N_("Account switched off"),
    "account-exported": N_("Everything about the account taken away"),
    "account-erased": N_("Account erased"),
    "account-made": N_("Account made"),
    "signed-in": N_("Signed in"),
    "password-changed": N_("Password changed"),
    "password-removed": N_("Password taken away"),
    "address-changed": N_("E-mail address changed"),
    "app-added": N_("App with codes added"),
    "app-removed": N_("App with codes taken away"),
    "passkey-added": N_("Passkey added"),
    "passkey-removed": N_("Passkey taken away"),
    "recovery-codes-made": N_("New recovery codes made"),
    "documents-agreed": N_("Terms and listing rules agreed to"),
    "role-changed": N_("Role changed"),
    "session-ended": N_("Session ended"),
    "sessions-ended": N_("All sessions ended"),
    "listing-started": N_("Listing started"),
    "listing-submitted": N_("Listing sent"),
    "listing-changed": N_("Small change of a listing, applied at once"),
    "listing-change-sent": N_("Change of a listing sent"),
    "listing-approved": N_("Listing published by an administrator"),
    "listing-changes-asked": N_("Changes asked for"),
    "listing-refused": N_("Listing refused"),
    "listing-suspended": N_("Listing suspended"),
    "listing-lifted": N_("Suspension lifted"),
    "listing-hidden": N_("Listing hidden"),
    "listing-shown-again": N_("Listing shown again"),
    "listing-withdrawn": N_("Listing taken down for good"),
    "listing-confirmed": N_("Listing said to be still right"),
    "listing-erased": N_("Listing erased"),
    "letter-given-up": N_("Letter given up: it could not be delivered"),
}
