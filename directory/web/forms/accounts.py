"""Signing up and in, and what somebody changes about their account."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import Email, InputRequired, Length

from directory.web.forms.base import Form

ADDRESS = _("Type an e-mail address, like name@example.org")
MOST_TYPED = 400
MOST_CREDENTIAL = 20_000


def email_field(label: Any) -> EmailField:
    return EmailField(
        label,
        filters=[lambda text: text.strip() if text else text],
        validators=[InputRequired(ADDRESS), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )


class EmailForm(Form):
    """Somebody's address."""

    email = email_field(_("E-mail address"))
    next = HiddenField(validators=[Length(max=2_000)])


class SignInForm(EmailForm):
    password = PasswordField(
        _("Password"),
        validators=[
            InputRequired(_("Type your password, or press “Send me a link instead”")),
            Length(max=MOST_TYPED, message=_("That is longer than any password here")),
        ],
    )


class SignUpForm(Form):
    email = email_field(_("Your e-mail address"))
    next = HiddenField(validators=[Length(max=2_000)])
    is_adult = BooleanField(
        _("I am at least 18 years old"), validators=[InputRequired(_("Say that you are at least 18 years old"))]
    )
    agrees = BooleanField(
        _("I agree to the terms and to the rules for listings"),
        validators=[InputRequired(_("Say that you agree to the terms and the rules for listings"))],
    )


class AgreementForm(Form):
    next = HiddenField(validators=[Length(max=2_000)])
    agrees = BooleanField(
        _("I agree to the terms and to the rules for listings"),
        validators=[InputRequired(_("Say that you agree, or sign out"))],
    )


class ButtonForm(Form):
    """Nothing but a button."""

    next = HiddenField(validators=[Length(max=2_000)])


class NewPasswordForm(Form):
    """The door says what is wrong with the password: see services/passwords.py."""

    password = PasswordField(_("New password"), validators=[InputRequired(_("Type a new password"))])


class NewAddressForm(Form):
    email = email_field(_("New e-mail address"))


class CodeForm(Form):
    code = StringField(
        _("Code"), validators=[InputRequired(_("Type a code")), Length(max=40, message=_("That is longer than a code"))]
    )
    next = HiddenField(validators=[Length(max=2_000)])


class ProofForm(Form):
    """A password again."""

    password = PasswordField(
        _("Your password"), validators=[InputRequired(_("Type your password")), Length(max=MOST_TYPED)]
    )
    next = HiddenField(validators=[Length(max=2_000)])


class PasskeyForm(Form):
    """What the browser says, which the person never sees."""

    credential = HiddenField(
        validators=[InputRequired(_("The browser did not show a passkey")), Length(max=MOST_CREDENTIAL)]
    )
    next = HiddenField(validators=[Length(max=2_000)])


class PasskeyNameForm(Form):
    name = StringField(
        _("Name of the passkey"),
        filters=[lambda text: " ".join(text.split()) if text else text],
        validators=[
            InputRequired(_("Give it a name, such as “phone”")),
            Length(max=60, message=_("Use at most 60 characters")),
        ],
    )

    def validate_name(self, field: Any) -> None:
        if not field.data.isprintable():
            raise ValidationError(_("Use letters, digits and spaces"))


class NewPasskeyForm(PasskeyNameForm):
    credential = HiddenField(
        validators=[InputRequired(_("The browser did not make a passkey")), Length(max=MOST_CREDENTIAL)]
    )


class KeptForm(Form):
    """Signing in again, with what had been typed elsewhere."""

    email = email_field(_("E-mail address"))
    password = PasswordField(_("Password"), validators=[InputRequired(_("Type your password")), Length(max=MOST_TYPED)])
    code = StringField(_("Code of your app, if you use one"), validators=[Length(max=40)])
    kept = HiddenField(validators=[InputRequired(), Length(max=400_000)])
