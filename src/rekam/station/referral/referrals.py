"""The referrals of this station: `Referrals`. Rows are written once; what became of each is asked of the extract."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.station.referral.changes import Field
from rekam.station.referral.referral import EVIDENCE, Referral, ReferralId, Standing, standing
from rekam.station.residents import Residents
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock

__all__ = ["NothingReferred", "PapersNotNamed", "ReferralUnknown", "Referrals"]

_MOST_FIGURES: Final = 15
_COLUMNS: Final = "epoch, n, sitting_id, by, at, said"


class NothingReferred(RekamError):
    """No line was filled in, so there is nothing to correct. Nothing was changed, and the sitting is kept.
    Write beside each line that is wrong what the resident's papers say, or go back and confirm the biodata.
    """


class PapersNotNamed(RekamError):
    """No paper was ticked. Nothing was changed, and what you wrote is still here.
    Tick what the resident showed: the counter for family cards corrects nothing without a paper.
    """


class ReferralUnknown(RekamError):
    """This station has no referral {number}. Nothing was changed. Look for the resident by NIK or name; the referral
    stands on their page.
    """


class Referrals:
    """`require` raises where this disk is known to be old: a number would be somebody else's."""

    def __init__(
        self,
        store: StationStore,
        legal: LegalClock,
        residents: Residents,
        require: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._legal = legal
        self._residents = residents
        self._require = require

    def refer(
        self, sitting_id: str, held: Biodata, said: Mapping[Field, str], shown: tuple[str, ...], note: str, by: str
    ) -> Referral:
        """Durable when it returns; the same said twice of one sitting is one referral. The sitting stays as it is.

        Raises `NothingReferred`, `PapersNotNamed`, and what an old disk raises.
        """
        lines = {field: " ".join(text.split()) for field, text in said.items() if text.strip()}
        papers = tuple(paper for paper in EVIDENCE if paper in shown)
        if not lines:
            raise NothingReferred
        if not papers:
            raise PapersNotNamed
        self._require()
        with self._store.tx() as tx:
            for known in self.of_sitting(sitting_id):
                if (known.held, known.said, known.shown) == (held, lines, papers):
                    return known
            epoch, last = self._store.rows(
                "SELECT epoch, (SELECT coalesce(max(n), 0) FROM referral r WHERE r.epoch = c.epoch) FROM chain_head c"
            )[0]
            at = self._legal.now().at.isoformat(timespec="seconds")
            which = self._id(epoch, last + 1)
            made = Referral(which, sitting_id, by, at, held, lines, papers, note.strip())
            row = (epoch, last + 1, made.nik, sitting_id, by, at, made.to_bytes())
            tx.execute("INSERT INTO referral VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return made

    def find(self, key: str) -> Referral:
        """By the key of an address or the number on the paper. Raises `ReferralUnknown`."""
        epoch, _, n = key.upper().removeprefix(f"{self._station}/").replace("/R", "-").partition("-")
        figures = epoch.isdecimal() and n.isdecimal() and len(epoch + n) < _MOST_FIGURES
        found = self._select("WHERE epoch = ? AND n = ?", int(epoch), int(n)) if figures else []
        if not found:
            raise ReferralUnknown(number=key)
        return found[0]

    def of_nik(self, nik: str) -> list[Referral]:
        """Newest first."""
        return self._select("WHERE nik = ? ORDER BY epoch DESC, n DESC", nik)

    def of_sitting(self, sitting_id: str) -> list[Referral]:
        """Newest first."""
        return self._select("WHERE sitting_id = ? ORDER BY epoch DESC, n DESC", sitting_id)

    def newest(self, limit: int) -> list[Referral]:
        return self._select("ORDER BY epoch DESC, n DESC LIMIT ?", limit)

    def standing(self, referral: Referral) -> tuple[Standing, Biodata | None]:
        """With the biodata that the extract has now."""
        now = next(iter(self._residents.among([referral.nik])), None)
        told = self._residents.told(referral.nik)
        return standing(referral, now, told.at if told else ""), now

    def open_ones(self, limit: int) -> list[Referral]:
        """Those of the newest that the office has not answered and nobody was recorded after, oldest first."""
        unrecorded = "NOT EXISTS (SELECT 1 FROM recording r WHERE r.nik = referral.nik AND r.saved_at >= referral.at)"
        newest = self._select(f"WHERE {unrecorded} ORDER BY epoch DESC, n DESC LIMIT ?", limit)
        return [one for one in reversed(newest) if self._unanswered(one)]

    def _unanswered(self, referral: Referral) -> bool:
        told = self._residents.told(referral.nik)
        answered = told is not None and told.at > referral.at
        return not answered and self.standing(referral)[0] in {Standing.NOT_YET, Standing.PARTLY}

    def _select(self, clause: str, *parameters: Any) -> list[Referral]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM referral {clause}", parameters)  # noqa: S608  # clauses are ours
        return [Referral.from_bytes(self._id(epoch, n), *rest) for epoch, n, *rest in rows]

    def _id(self, epoch: int, n: int) -> ReferralId:
        return ReferralId(self._station, epoch, n)

    @property
    def _station(self) -> str:
        return str(self._store.identity().station)
