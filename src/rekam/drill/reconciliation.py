"""The witness against the country: what was lost, what was counted twice, what the machine missed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rekam.drill.evidence import CentreEvidence, OfficeEvidence
from rekam.drill.witness import Testimony
from rekam.enrolment.biodata import Biodata
from rekam.exchange.feed import EntryKind

__all__ = ["Corrections", "Reconciliation", "reconcile", "reconcile_corrections"]


@dataclass(frozen=True)
class Reconciliation:
    """Packet ids behind each figure, so that a drill that fails tells where to look.

    `lost`: the witness heard "saved", and office or centre lacks row or bytes, or the station forgot it, or it has
    neither a result nor a human queue. `double`: a packet with two rows, results, print orders or announcements, a
    number used twice, or a packet that nobody was told of. `missed`: second recordings that the machine called
    unique. `false`: duplicates of somebody else. `adjudicated_firsts`: first recordings left to experts.
    """

    lost: tuple[str, ...]
    double: tuple[str, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]
    adjudicated_firsts: tuple[str, ...]


@dataclass(frozen=True)
class Corrections:
    """Of residents whom an office corrected: the packets that hold the corrected biodata at the centre, whole, and were
    let through on the office's word; and in words what was not.
    """

    right: tuple[str, ...]
    wrong: tuple[str, ...]


def reconcile_corrections(
    testimonies: Sequence[Testimony],
    corrected: Mapping[str, Biodata],
    centre: Mapping[str, Biodata],
    asked: frozenset[str],
) -> Corrections:
    """`corrected`: by NIK, how they stand on the family card; `centre`: by packet, what the centre holds; `asked`: the
    packets about whose biodata it asked an office.
    """
    packets = {said.packet_id: said.nik for said in testimonies if said.nik in corrected}
    whole = [packet for packet, nik in packets.items() if centre.get(packet) == corrected[nik]]
    right = [packet for packet in whole if packet not in asked]
    unrecorded = corrected.keys() - set(packets.values())
    wrong = [f"recorded without its correction: {packet}" for packet in packets if packet not in whole]
    wrong += [f"corrected, and its office was asked all the same: {packet}" for packet in packets if packet in asked]
    wrong += [f"corrected and never recorded: {len(unrecorded)} residents"] if unrecorded else []
    return Corrections(tuple(right), tuple(wrong))


def reconcile(
    testimonies: Sequence[Testimony],
    seconds: frozenset[str],
    centre: CentreEvidence,
    office: OfficeEvidence,
    station_knows: Iterable[str],
) -> Reconciliation:
    """`seconds` are the NIKs of second recordings; `station_knows` the packets that the stations list as told of."""
    heard = {testimony.packet_id: testimony for testimony in testimonies}
    known = set(station_knows)
    settled = set(centre.results) | centre.waiting
    lost = [
        packet
        for packet in heard
        if not (packet in office.sound and packet in centre.sound and packet in settled and packet in known)
    ]
    missed, false = _verdicts(heard, centre)
    adjudicated = [
        packet
        for packet, testimony in heard.items()
        if _word(centre, packet) == "ADJUDICATE" and testimony.nik not in seconds
    ]
    return Reconciliation(
        tuple(sorted(lost)), _double(heard, centre, office), tuple(missed), tuple(false), tuple(sorted(adjudicated))
    )


def _double(heard: dict[str, Testimony], centre: CentreEvidence, office: OfficeEvidence) -> tuple[str, ...]:
    counters = [centre.rows, office.rows, centre.results, centre.print_orders, centre.numbers]
    counters += [office.told[kind] for kind in (EntryKind.ACCEPTED, EntryKind.RESULT, EntryKind.PRINT_ORDER)]
    twice = {name for counter in counters for name, count in counter.items() if count > 1}
    strangers = (set(centre.rows) | set(office.rows)) - set(heard)
    orders_without_result = set(centre.print_orders) - set(centre.results)
    return tuple(sorted(twice | strangers | orders_without_result))


def _verdicts(heard: dict[str, Testimony], centre: CentreEvidence) -> tuple[list[str], list[str]]:
    """Of the packets of one person, all but one must be caught; which one is free depends on who came first."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for packet, testimony in heard.items():
        by_person[testimony.person].append(packet)
    missed: list[str] = []
    for packets in by_person.values():
        uncaught = [packet for packet in packets if _word(centre, packet) not in {"DUPLICATE", "ADJUDICATE"}]
        missed += uncaught[1:]
    false = [
        packet
        for packet, testimony in heard.items()
        if _word(centre, packet) == "DUPLICATE" and _candidate_person(centre, heard, packet) != testimony.person
    ]
    return sorted(missed), sorted(false)


def _word(centre: CentreEvidence, packet: str) -> str:
    verdict = centre.verdicts.get(packet)
    return verdict.word if verdict else ""


def _candidate_person(centre: CentreEvidence, heard: dict[str, Testimony], packet: str) -> str | None:
    candidate = heard.get(centre.verdicts[packet].candidate or "")
    return candidate.person if candidate else None
