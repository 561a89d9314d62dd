"""What a bundle says beside packets, taken in as over the line, and what is said to it in return: `Hearing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import PARCEL
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.corrections import AnswerCorrections, parcel_content
from rekam.exchange.courier.days import DAY_WORD, SealedDays, days_known_content
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.letters import LETTERS, AnswerLetters, letters_answered_content
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.rolls import ASKED, AnswerRoll, roll_answered_content, roll_asked_in
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.exchange.key_end import KEY_END
from rekam.exchange.key_stop import KEY_STOP
from rekam.exchange.statements import StatementRemote
from rekam.trust import cbor
from rekam.trust.certificates import Certificate

__all__ = ["Ears", "Hearing"]

STATEMENT: Final = "statement"


@dataclass(frozen=True)
class Ears:
    """What a place hears beside packets: `statements` of offices, at the centre; at an office `day_words` of
    supervisors, what a station reports of its numbers of `letters`, its question for `corrections` of biodata, and
    whose keys ended there; `roll_call` answers which packets are held here. `key_stops` gives what every answer tells
    that station: whose keys its office stopped.
    """

    statements: StatementRemote | None = None
    day_words: SealedDays | None = None
    letters: AnswerLetters | None = None
    corrections: AnswerCorrections | None = None
    key_ends: Callable[[bytes, str], None] | None = None
    roll_call: AnswerRoll | None = None
    key_stops: Callable[[str, int], Sequence[bytes]] = lambda _station, _epoch: ()

    def hears(self, item: Item) -> bool:
        """Whether it is something that this place takes in."""
        by_kind = {
            STATEMENT: self.statements,
            DAY_WORD: self.day_words,
            LETTERS: self.letters,
            PARCEL: self.corrections,
            KEY_END: self.key_ends,
            ASKED: self.roll_call,
        }
        return by_kind.get(item.kind) is not None


class Hearing:
    """Of one bundle, written by `writer`; `check` raises for one who is not answered any more. Whatever its effect
    says, packets do not wait for it: a refusal is noted in `refused`.
    """

    def __init__(self, ears: Ears, bundle: Bundle, check: Callable[[Sequence[Certificate]], None]) -> None:
        self._ears, self._bundle, self._check = ears, bundle, check
        self._writer = bundle.head.certificates[0]
        self._receipts: list[tuple[str, bytes]] = []
        self._answered: list[Content] = []
        self.day_words = self.letters = 0
        self.refused: list[LeftOut] = []

    @property
    def statements(self) -> int:
        """So many were heard."""
        return len(self._receipts)

    def take(self, item: Item) -> None:
        """One item, with its effect and what is said in return in one transaction."""
        try:
            data = self._bundle.read(item)
            match item.kind:
                case "statement" if self._ears.statements is not None:
                    self._receipts.append((item.note, self._ears.statements.take(data)))
                case "day-word" if self._ears.day_words is not None:
                    self._ears.day_words.take(data, self._writer)
                    self.day_words += 1
                case "letters" if self._ears.letters is not None:
                    self._answer_letters(item, data, self._ears.letters)
                case "corrections" if self._ears.corrections is not None:
                    self._check(self._bundle.head.certificates)
                    self._answered += map(parcel_content, self._ears.corrections(self._writer, data))
                case "key-end" if self._ears.key_ends is not None:
                    self._check(self._bundle.head.certificates)
                    self._ears.key_ends(data, self._writer.subject)
                case "roll-asked" if self._ears.roll_call is not None:
                    answer = self._ears.roll_call(roll_asked_in(data))
                    self._answered.append(roll_answered_content(data, answer, item.note))
        except RekamError as error:
            self.refused.append(LeftOut.by(item.note, error, kind=item.kind))

    def contents(self) -> list[Content]:
        """What the answer to the bundle carries of it."""
        contents = []
        if self._receipts:
            receipts = cbor.encode([list(each) for each in self._receipts])
            contents.append(of_bytes("heard", receipts, str(len(self._receipts))))
        if self._ears.day_words is not None:
            contents.append(days_known_content(self._ears.day_words, self._writer))
        words = self._ears.key_stops(self._writer.subject, self._writer.epoch)
        return contents + self._answered + [of_bytes(KEY_STOP, word, "") for word in words]

    def _answer_letters(self, asked: Item, parcel: bytes, answer: AnswerLetters) -> None:
        self._check(self._bundle.head.certificates)
        self._answered.append(letters_answered_content(asked, answer(self._writer, parcel)))
        self.letters += int(asked.note) if asked.note.isdecimal() else 0
