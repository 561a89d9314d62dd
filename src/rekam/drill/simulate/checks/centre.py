"""What the centre must never do: decide twice, let work sit, let a stale worker write, let one expert decide."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country

__all__ = [
    "adds_up",
    "effects_with_transitions",
    "nothing_sits",
    "once",
    "one_commit_a_stage",
    "two_impartial_experts",
]


def adds_up(country: "Country") -> int:
    """10: received = in stage + done + rejected + quarantined, at any moment."""
    if not country.centre.machine.alive:
        return 0
    counts = country.centre.centre.counts()
    if sum(each > 0 for each in (counts.in_stage, counts.done, counts.rejected, counts.quarantined)) > 1:
        country.world.exercise(10)
    if not counts.adds_up:
        country.world.violated(10, f"{counts}")
    return 1


def nothing_sits(country: "Country") -> int:
    """20: every case that is not settled has a stage, and there a timer, a lease or a human queue."""
    if not country.centre.machine.alive:
        return 0
    with country.centre.database.connection() as tx:
        (open_cases,) = tx.execute("SELECT count(*) FROM enrolment_case").fetchall()[0]
        lost = tx.execute(
            "SELECT c.packet_id FROM enrolment_case c LEFT JOIN packet_stage s USING (packet_id)"
            " WHERE (c.state IN ('in_stage', 'quarantined')) <> (s.packet_id IS NOT NULL)"
            " OR (s.token IS NULL) <> (s.lease_until IS NULL) OR (s.queue IS NOT NULL AND s.token IS NOT NULL)"
        ).fetchall()
        (waiting,) = tx.execute("SELECT count(*) FROM packet_stage").fetchall()[0]
    country.world.exercise(*[20] * waiting)
    for (packet_id,) in lost:
        country.world.violated(20, f"{packet_id[:8]} sits with nobody and nothing")
    return int(open_cases)


def once(country: "Country") -> int:
    """4: one acceptance, one result, at most one print order, here and as the office was told."""
    with country.centre.database.connection() as tx:
        settled = tx.execute("SELECT packet_id, status FROM result").fetchall()
        orders = [row[0] for row in tx.execute("SELECT packet_id FROM print_order")]
        entries = tx.execute(
            "SELECT kind, body FROM exchange.feed_entry WHERE kind IN ('result', 'print_order')"
        ).fetchall()
    ready = sorted(packet_id for packet_id, status in settled if status == "PRINT_READY_RECORD")
    if sorted(orders) != ready:
        country.world.violated(4, f"{len(orders)} print orders for {len(ready)} records that are ready")
    if len(entries) != len(settled) + len(orders):
        country.world.violated(4, f"the feeds tell {len(entries)} results and orders of {len(settled)} + {len(orders)}")
    for office in country.offices.values():
        doubled = office.office.whereabouts.doubled()
        if doubled:
            country.world.violated(4, f"{office.name} was told twice of {doubled[0][:8]}")
    return len(settled)


def effects_with_transitions(country: "Country") -> int:
    """11: what a stage leaves is there if, and only if, its line of the history is."""
    with country.centre.database.connection() as tx:
        history = tx.execute("SELECT packet_id, stage, verdict FROM stage_history").fetchall()
        copies = {row[0] for row in tx.execute("SELECT DISTINCT packet_id FROM working_copy WHERE name = 'manifest'")}
        said = {row[0] for row in tx.execute("SELECT packet_id FROM uniqueness_verdict")}
        gallery = {row[0] for row in tx.execute("SELECT packet_id FROM gallery_entry")}
        results = {row[0] for row in tx.execute("SELECT packet_id FROM result")}
        closed = {
            row[0] for row in tx.execute("SELECT packet_id FROM enrolment_case WHERE state IN ('done', 'rejected')")
        }
    passed: defaultdict[str, set[str]] = defaultdict(set)
    for packet_id, stage, verdict in history:
        if verdict == "PASS":
            passed[stage].add(packet_id)
    for what, effects, transitions in (
        ("unsealed", copies, passed["unsealing"]),
        ("judged", said, passed["uniqueness"]),
        ("in the gallery", gallery, passed["uniqueness"]),
        ("with a result", results, closed),
    ):
        for packet_id in sorted(effects ^ transitions)[:3]:
            country.world.violated(11, f"{packet_id[:8]} is {what} without its transition, or the other way round")
    return len(history)


def one_commit_a_stage(country: "Country") -> int:
    """12: no stage of a packet was passed more often than people sent the packet on."""
    with country.centre.database.connection() as tx:
        passes = tx.execute(
            "SELECT packet_id, stage, count(*) FROM stage_history WHERE verdict IN ('PASS', 'SETTLE', 'REJECT')"
            " GROUP BY packet_id, stage"
        ).fetchall()
        releases = dict(tx.execute("SELECT packet_id, count(*) FROM release GROUP BY packet_id").fetchall())
    for packet_id, stage, count in passes:
        if count > 1 + releases.get(packet_id, 0):
            country.world.violated(12, f"{packet_id[:8]} passed {stage} {count} times")
    return len(passes)


def two_impartial_experts(country: "Country") -> int:
    """19: each closed adjudication has two who agree, different ones, and neither recorded either resident."""
    with country.centre.database.connection() as tx:
        rows = tx.execute(
            "SELECT a.packet_id, a.outcome, v.expert, v.decision, p.operator, c.operator FROM adjudication a"
            " JOIN enrolment_case p ON p.packet_id = a.packet_id JOIN enrolment_case c ON c.packet_id = a.candidate"
            " LEFT JOIN adjudication_vote v ON v.packet_id = a.packet_id WHERE a.outcome IS NOT NULL"
        ).fetchall()
    agreeing: dict[str, set[str]] = {}
    for packet_id, outcome, expert, decision, *operators in rows:
        votes = agreeing.setdefault(packet_id, set())
        if expert in operators:
            country.world.violated(19, f"{expert} judged a recording of their own")
        if decision == outcome:
            votes.add(expert)
    for packet_id, experts in agreeing.items():
        if len(experts) < 2:
            country.world.violated(19, f"{packet_id[:8]} was decided by {len(experts)}")
    return len(agreeing)
