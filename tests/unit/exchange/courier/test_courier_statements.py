"""What an office says beside packets travels by courier, too, and is acknowledged by the centre's receipt alone."""

from dataclasses import replace

from courier_examples import FEED, STICK, Receiver, Sender, bundles, stick
from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, ROOT
from rekam.exchange.courier.heard import take_heard
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.out import courier_out
from rekam.exchange.courier.returning import courier_receipts
from rekam.exchange.courier.taking_in import courier_in
from rekam.exchange.statements import Statement, StatementInbox, state
from rekam.exchange.statements_in_memory import InMemoryStatementOutbox, InMemoryStatements


class Office(Sender):
    """An office that has something to say."""

    def __init__(self) -> None:
        super().__init__([], place=OFFICE)
        self.said = InMemoryStatementOutbox()

    def say(self, n: int) -> None:
        statement = Statement("revocation", "3174", n, {"n": n})
        self.said.put(statement, state(statement, OFFICE.key, OFFICE.chain))

    def origin(self):
        return replace(super().origin(), statements=lambda _to: self.said.waiting(10))

    def home(self):
        return replace(super().home(), heard=lambda receipts: take_heard(self.said, receipts, ROOT))


class Centre(Receiver):
    def __init__(self) -> None:
        super().__init__("acceptance")
        self.effects = []
        register = InMemoryStatements({"revocation": lambda statement: self.effects.append(statement.body["n"])})
        self.statements = StatementInbox(register, root=ROOT, signer=CENTRE_KEY, clock=CLOCK)

    def destination(self):
        return replace(super().destination(), ears=Ears(statements=self.statements))


def carry(office, centre):
    medium = stick()
    out = courier_out(office.origin(), medium, STICK, to="centre")
    report = courier_in(centre.destination(), medium, bundles(medium)[0])
    return medium, out, report


def test_statements_take_effect_once_and_leave_the_outbox_by_their_receipts():
    office, centre = Office(), Centre()
    office.say(1)
    office.say(2)
    medium, out, report = carry(office, centre)
    assert (out.packets, out.statements) == (0, 2)
    assert (report.statements, report.listed, report.waiting, report.refused) == (2, 0, 0, ())
    assert centre.effects == [1, 2]
    assert len(office.said.waiting(10)) == 2
    courier_in(centre.destination(), medium, bundles(medium)[0])
    assert centre.effects == [1, 2]
    assert office.back(medium).statements == 2
    assert office.said.waiting(10) == []
    assert office.back(medium).statements == 0


def test_a_statement_on_the_stick_already_is_not_written_again():
    office, centre = Office(), Centre()
    office.say(1)
    medium, _out, _report = carry(office, centre)
    assert courier_out(office.origin(), medium, STICK, to="centre").statements == 0


def test_a_refused_statement_holds_up_neither_packets_nor_feed():
    office, centre = Office(), Centre()
    statement = Statement("unheard of", "3174", 1, {})
    office.said.put(statement, state(statement, OFFICE.key, OFFICE.chain))
    office.say(2)
    centre.feed.append(FEED, "notice", b"one")
    medium, _out, report = carry(office, centre)
    assert (report.statements, [each.kind for each in report.refused]) == (1, ["statement"])
    back = office.back(medium)
    assert (back.statements, back.entries, len(back.refused)) == (1, 1, 1)
    assert len(office.said.waiting(10)) == 1


def test_a_receipt_that_the_centre_did_not_sign_acknowledges_nothing():
    office, centre = Office(), Centre()
    office.say(1)
    centre.statements = StatementInbox(
        InMemoryStatements({"revocation": lambda _statement: None}), root=ROOT, signer=OFFICE.key, clock=CLOCK
    )
    medium, _out, _report = carry(office, centre)
    answers = [path for path in medium.files(STICK) if path.name.endswith(".kembali.rekam")]
    assert courier_receipts(office.home(), medium, answers).statements == 0
    assert len(office.said.waiting(10)) == 1
    assert office.said.listed()[0].code == "", "and sets nothing aside"
