"""Two recordings slot by slot, as the experts' page draws them: `pairs_of_images`."""

from dataclasses import dataclass

from rekam.centre.pages.words import likeness_of_slot
from rekam.centre.records import Record
from rekam.enrolment.sample import REASON_WORDS
from rekam.enrolment.slot import ALL_SLOTS, HAND_SLOTS, Modality, Slot
from rekam.web.i18n import _, language

__all__ = ["SlotPair", "pairs_of_images"]


@dataclass(frozen=True)
class Side:
    """One image, or (`src` empty) the reason in words why there is none."""

    src: str
    alt: str
    title: str
    note: str


@dataclass(frozen=True)
class SlotPair:
    """One slot of both recordings, and how alike the machine finds them (badge: tone and words)."""

    slot: Slot
    name: str
    left: Side
    right: Side
    badge: tuple[str, str] | None
    comparable: bool


def pairs_of_images(base: str, left: Record, right: Record, likeness: dict[Slot, float]) -> list[SlotPair]:
    """Every slot that at least one of two recordings holds, comparable ones first within their kind.

    `base` is the address under which ``/record/<slot>`` and ``/candidate/<slot>`` give the images.
    """
    slots = [slot for slot in (*ALL_SLOTS, *HAND_SLOTS) if slot in left.quality or slot in right.quality]
    pairs = [_pair(base, slot, left, right, likeness) for slot in slots]
    return sorted(pairs, key=lambda pair: (list(Modality).index(pair.slot.modality), not pair.comparable, pair.slot))


def _pair(base: str, slot: Slot, left: Record, right: Record, likeness: dict[Slot, float]) -> SlotPair:
    tone, words = likeness_of_slot(likeness.get(slot))
    measured = slot.modality in {Modality.FINGER, Modality.IRIS}
    return SlotPair(
        slot,
        slot.label(language().value),
        _side(f"{base}/record/{slot}", slot, left, _("Rekaman baru")),
        _side(f"{base}/candidate/{slot}", slot, right, _("Rekaman terdahulu")),
        (tone, _(words)) if measured else None,
        slot in left.quality and slot in right.quality,
    )


def _side(src: str, slot: Slot, record: Record, title: str) -> Side:
    name = slot.label(language().value)
    if slot in record.quality:
        note = _("mutu %(n)s", n=record.quality[slot])
        return Side(src, f"{name}, {title}", title, note)
    reason = record.exceptions.get(slot)
    told = REASON_WORDS[reason][language().value == "en"] if reason else _("Tidak direkam")
    return Side("", "", title, told)
