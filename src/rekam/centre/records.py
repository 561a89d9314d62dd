"""What a resident's recording holds, for the people who must look at it: `Records`."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import cbor2

from rekam.abis.engine import Engine
from rekam.abis.kinds import agree, all_of
from rekam.abis.template_set import TemplateSet
from rekam.centre.case import Case, open_case
from rekam.centre.misplaced import misplaced
from rekam.centre.sql import VIEWS
from rekam.centre.templates import extracted, searchable_images
from rekam.centre.vault import Vault
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ExceptionReason
from rekam.enrolment.slot import Slot
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool

__all__ = ["Likeness", "NoSuchImage", "Picture", "Record", "Records"]

_COMPUTED_WITH = ("rekam.abis.numba_start", "rekam.abis.comparison", "rekam.abis.assignment", "rekam.abis.image")
_SHOWN_AS_IT_IS = frozenset({"image/png", "image/jpeg"})


class NoSuchImage(RekamError):
    """This recording holds no image of {slot}. Nothing was changed. Go back to the case."""


@dataclass(frozen=True)
class Record:
    """One recording as an expert sees it: biodata, which slots hold an image of what quality, why others do not, and
    what the counter was told when it asked "already recorded?", with the operator's reason to go on.
    """

    packet_id: str
    number: str
    recorded_at: str
    biodata: Biodata
    quality: Mapping[Slot, int]
    exceptions: Mapping[Slot, ExceptionReason]
    check: CheckAdvice


@dataclass(frozen=True)
class Picture:
    """An image that a browser can show."""

    media_type: str
    data: bytes


@dataclass(frozen=True)
class Likeness:
    """Two records slot by slot, natural logarithms of likelihood ratios for slots both have; and, as message ids,
    which samples seem to lie in other slots than they are labelled with.
    """

    of_slots: dict[Slot, float]
    misplaced: tuple[str, ...]


class Records:
    """Reads working copies out of the vault. Who may look is decided before; `looked` leaves a line of who did."""

    def __init__(self, pool: Pool, packets: BlobStore, vault: Vault, engine: Engine) -> None:
        self._pool = pool
        self._packets = packets
        self._vault = vault
        self._engine = engine

    def record(self, packet_id: str) -> Record:
        """Biodata and the list of slots. Raises `CaseVanished`, `WorkingCopyMissing`."""
        case = self._case(packet_id)
        manifest = cbor2.loads(case.read("manifest"))
        return Record(
            packet_id,
            case.facts.number,
            manifest["recorded_at"],
            Biodata.from_map(manifest["biodata"]),
            {Slot.parse(entry["slot"]): entry["quality"] for entry in manifest["entries"]},
            {Slot.parse(held["slot"]): ExceptionReason(held["reason"]) for held in manifest["exceptions"]},
            CheckAdvice(**{**manifest["check"], "answer": CheckAnswer(manifest["check"]["answer"])}),
        )

    def image(self, packet_id: str, slot: Slot) -> Picture:
        """One image; what a browser cannot show becomes PNG. Raises `NoSuchImage`, or as `record`."""
        data, media_type = _find(self._case(packet_id), slot)
        if media_type in _SHOWN_AS_IT_IS:
            return Picture(media_type, data)
        from rekam.abis.image import load_image  # with the engine's libraries, as seldom as they are needed (ADR 0046)
        from rekam.abis.synthetic.png import encode_png

        return Picture("image/png", encode_png(load_image(data)))

    def likeness(self, packet_id: str, other: str) -> Likeness:
        """How alike two records are."""
        cases = [self._case(packet) for packet in (packet_id, other)]
        probe, known = (TemplateSet.from_bytes(case.read("templates")) for case in cases)
        if not agree(all_of([probe]), all_of([known])):
            # the engine was exchanged between the two; the images are of one kind for ever
            probe, known = (extracted(self._engine, searchable_images(case))[0] for case in cases)
        comparison = self._engine.compare(probe, known)
        ratios = {Slot.parse(slot): ratio for slot, ratio in comparison.ratios.items()}
        return Likeness(ratios, misplaced(comparison.arrangement.kinds))

    def prepare(self) -> None:
        """Load what `likeness` and `image` compute with, a second once a process, so that whoever asks next does not
        wait for it; a process in which nobody compares never has it in memory (ADR 0046).
        """
        for part in _COMPUTED_WITH:
            import_module(part)

    def looked(self, packet_id: str, staff: str) -> None:
        """A line for whoever asks later who opened this record."""
        with self._pool.connection() as connection:
            connection.execute(VIEWS.note_viewing, {"packet_id": packet_id, "staff": staff})

    def _case(self, packet_id: str) -> Case:
        return open_case(self._pool.connection, packet_id, self._packets, self._vault)


def _find(case: Case, slot: Slot) -> tuple[bytes, str]:
    for entry in cbor2.loads(case.read("manifest"))["entries"]:
        if entry["slot"] == str(slot):
            return case.read(str(slot)), entry["media_type"]
    raise NoSuchImage(slot=slot)
