"""What a citizen may be told instead of an answer."""

from rekam.enrolment.errors import RekamError

__all__ = ["BirthDateUnreadable", "NoSuchAlarm", "TooManyQuestions"]


class TooManyQuestions(RekamError):
    """There were too many questions from your connection in a short time. Nothing is wrong with your record.
    Wait {seconds} seconds, then ask again.
    """


class BirthDateUnreadable(RekamError):
    """This is no date of birth. Nothing was asked yet. Write day, month and year in numbers, such as 17 8 1990."""


class NoSuchAlarm(RekamError):
    """There is no such alarm about the public log here. Nothing was changed. Open it from the page about the log."""
