"""Each kind of loss, doubling and miss, made by hand in otherwise clean evidence, is found and named."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from rekam.drill.evidence import CentreEvidence, OfficeEvidence, Verdict
from rekam.drill.population import Population
from rekam.drill.reconciliation import reconcile, reconcile_corrections
from rekam.drill.witness import Testimony as Said
from rekam.exchange.feed import EntryKind

ANNI, BUDI, CITRA, ANNI_AGAIN = "a1", "b1", "c1", "a2"
PACKETS = (ANNI, BUDI, CITRA, ANNI_AGAIN)
HEARD = tuple(
    Said(packet, f"317401-01/1/{order:06d}", f"nik-{packet}", "317401-01", packet[0], "before")
    for order, packet in enumerate(PACKETS, 1)
)
SECONDS = frozenset({"nik-a2"})
GIVEN = (ANNI, BUDI, CITRA)
CENTRE = CentreEvidence(
    rows=Counter(PACKETS),
    sound=frozenset(PACKETS),
    statuses=dict.fromkeys(GIVEN, "PRINT_READY_RECORD") | {ANNI_AGAIN: "DUPLICATE_RECORD"},
    waiting=frozenset(),
    results=Counter(PACKETS),
    print_orders=Counter(GIVEN),
    verdicts=dict.fromkeys(GIVEN, Verdict("UNIQUE", None)) | {ANNI_AGAIN: Verdict("DUPLICATE", ANNI)},
    numbers=Counter(said.number for said in HEARD),
)
OFFICE = OfficeEvidence(
    rows=Counter(PACKETS),
    sound=frozenset(PACKETS),
    told={
        EntryKind.ACCEPTED: Counter(PACKETS),
        EntryKind.RESULT: Counter(PACKETS),
        EntryKind.PRINT_ORDER: Counter(GIVEN),
    },
)


def found(centre=CENTRE, office=OFFICE, known=PACKETS, heard=HEARD):
    return reconcile(heard, SECONDS, centre, office, known)


def without(names, gone):
    return type(names)(name for name in names if name != gone)


def judged(**verdicts):
    return replace(CENTRE, verdicts={**CENTRE.verdicts, **verdicts})


def test_clean_evidence_is_clean():
    clean = found()
    assert (clean.lost, clean.double, clean.missed, clean.false, clean.adjudicated_firsts) == ((), (), (), (), ())


@pytest.mark.parametrize(
    "evidence",
    [
        {"centre": replace(CENTRE, sound=without(CENTRE.sound, BUDI))},
        {"office": replace(OFFICE, sound=without(OFFICE.sound, BUDI))},
        {"centre": replace(CENTRE, results=Counter(without(PACKETS, BUDI)), print_orders=Counter((ANNI, CITRA)))},
        {"known": without(PACKETS, BUDI)},
    ],
    ids=[
        "bytes gone at the centre",
        "bytes gone at the office",
        "neither result nor queue",
        "forgotten by the station",
    ],
)
def test_a_saved_that_any_place_cannot_show_is_lost(evidence):
    assert found(**evidence).lost == (BUDI,)


def test_a_packet_that_waits_for_a_human_is_not_lost():
    centre = replace(
        CENTRE,
        results=Counter(without(PACKETS, BUDI)),
        print_orders=Counter((ANNI, CITRA)),
        waiting=frozenset({BUDI}),
    )
    assert found(centre).lost == ()


@pytest.mark.parametrize(
    "evidence",
    [
        {"centre": replace(CENTRE, rows=CENTRE.rows + Counter([BUDI]))},
        {"office": replace(OFFICE, rows=OFFICE.rows + Counter([BUDI]))},
        {"centre": replace(CENTRE, results=CENTRE.results + Counter([BUDI]))},
        {"centre": replace(CENTRE, print_orders=CENTRE.print_orders + Counter([BUDI]))},
        *(
            {"office": replace(OFFICE, told={**OFFICE.told, kind: OFFICE.told[kind] + Counter([BUDI])})}
            for kind in (EntryKind.ACCEPTED, EntryKind.RESULT, EntryKind.PRINT_ORDER)
        ),
    ],
    ids=[
        "row at the centre",
        "row at the office",
        "result",
        "print order",
        "told accepted",
        "told result",
        "told order",
    ],
)
def test_whatever_stands_twice_is_double(evidence):
    assert found(**evidence).double == (BUDI,)


def test_a_number_used_twice_is_double():
    numbers = CENTRE.numbers + Counter([HEARD[0].number])
    assert found(replace(CENTRE, numbers=numbers)).double == (HEARD[0].number,)


def test_a_packet_that_nobody_was_told_to_be_saved_is_double():
    assert found(heard=HEARD[:2] + HEARD[3:]).double == (CITRA,)


def test_a_print_order_without_a_result_is_double():
    assert found(replace(CENTRE, results=Counter(without(PACKETS, BUDI)))).double == (BUDI,)


@pytest.mark.parametrize("verdict", [Verdict("UNIQUE", None), Verdict("SAME_PERSON", ANNI), None], ids=str)
def test_a_second_recording_that_the_machine_let_through_is_missed(verdict):
    verdicts = {**CENTRE.verdicts, ANNI_AGAIN: verdict}
    centre = replace(CENTRE, verdicts={packet: word for packet, word in verdicts.items() if word})
    assert found(centre).missed == (ANNI_AGAIN,)


def test_a_second_recording_left_to_experts_counts_as_caught():
    clean = found(judged(a2=Verdict("ADJUDICATE", ANNI)))
    assert (clean.missed, clean.adjudicated_firsts) == ((), ())


def test_the_first_recording_may_be_the_one_that_is_caught_when_it_arrives_later():
    assert found(judged(a1=Verdict("DUPLICATE", ANNI_AGAIN), a2=Verdict("UNIQUE", None))).missed == ()


@pytest.mark.parametrize("candidate", [CITRA, None, "of another country"], ids=["another", "nobody", "a stranger"])
def test_a_duplicate_of_somebody_else_is_false(candidate):
    assert found(judged(b1=Verdict("DUPLICATE", candidate))).false == (BUDI,)


def test_a_first_recording_left_to_experts_is_told():
    assert found(judged(b1=Verdict("ADJUDICATE", CITRA))).adjudicated_firsts == (BUDI,)


def test_a_corrected_resident_is_recorded_as_corrected_whole_and_unasked_or_named():
    anni, budi = Population(("317401",), seed=1, on=date(2026, 11, 21)).residents(2)
    corrected = {"nik-a1": anni, "nik-b1": budi}
    held, nobody = {ANNI: anni, BUDI: budi}, frozenset()
    assert reconcile_corrections(HEARD, corrected, held, nobody).right == (ANNI, BUDI)
    asked = reconcile_corrections(HEARD, corrected, held, frozenset({BUDI, CITRA}))
    assert asked == type(asked)((ANNI,), (f"corrected, and its office was asked all the same: {BUDI}",))
    for held in ({ANNI: anni, BUDI: replace(budi, rt="009", rw="001")}, {ANNI: anni}):
        found = reconcile_corrections(HEARD, corrected, held, nobody)
        assert found == type(found)((ANNI,), (f"recorded without its correction: {BUDI}",))
    unseated = reconcile_corrections(HEARD[:1], corrected, {ANNI: anni}, nobody)
    assert unseated.wrong == ("corrected and never recorded: 1 residents",)
