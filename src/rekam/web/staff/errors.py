"""What can go wrong at sign-in, in the words that the member of staff reads."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "NotAllowed",
    "NotSignedIn",
    "PasswordTooShort",
    "StaffNameInvalid",
    "StaffNameTaken",
    "TooManyAttempts",
    "WrongPassword",
]


class WrongPassword(RekamError):
    """The user name or the password is wrong. Nothing was changed. Try again; after several wrong attempts a waiting
    time begins.
    """


class TooManyAttempts(RekamError):
    """Too many wrong attempts with this user name. Nothing was changed. Wait {seconds} seconds, then try again,
    or ask the person in charge of staff for a new password.
    """


class NotSignedIn(RekamError):
    """You are not signed in, or your session has ended. What was saved is safe. Sign in, then repeat the last step."""


class NotAllowed(RekamError):
    """Only {roles} may open this page. Nothing was changed. Sign in as a person with that role, or ask the person in
    charge of staff for it.
    """


class StaffNameInvalid(RekamError):
    """The text "{name}" cannot be a user name. Nothing was changed.
    Use 3 to 32 small letters, digits, dots or hyphens.
    """


class StaffNameTaken(RekamError):
    """There is already a member of staff named "{name}". Nothing was changed. Choose another user name."""


class PasswordTooShort(RekamError):
    """The password has fewer than {least} characters. Nothing was changed. Choose a longer one; several words together
    are good.
    """
