"""Words on people's keys that ended ride along on a stick; they are no reason for a trip of their own."""

from dataclasses import replace

from courier_examples import STICK, Receiver, Sender, bundles, stick
from exchange_examples import packets
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.out import courier_out
from rekam.exchange.courier.taking_in import courier_in
from rekam.exchange.key_end import KEY_END, KeyEndUnproved

WORD = b"a signed word"


class Station(Sender):
    def origin(self):
        return replace(super().origin(), key_ends=lambda to: [WORD] if to == "3174" else [])


class Office(Receiver):
    def __init__(self, refuses=False) -> None:
        super().__init__()
        self.heard, self.refuses = [], refuses

    def hear(self, word, station):
        if self.refuses:
            raise KeyEndUnproved(reason="torn")
        self.heard.append((word, station))

    def destination(self):
        return replace(super().destination(), ears=Ears(key_ends=self.hear))


def trip(sender, office):
    disk = stick()
    out = courier_out(sender.origin(), disk, STICK, to="3174")
    (file,) = bundles(disk)
    return disk, out, courier_in(office.destination(), disk, file)


def test_a_word_goes_up_with_the_packets_and_is_heard_as_the_stations_own():
    station, office = Station(packets(2)), Office()
    disk, out, report = trip(station, office)
    assert (out.packets, report.taken, report.refused) == (2, 2, ())
    assert office.heard == [(WORD, station.id)]
    assert courier_out(station.origin(), disk, STICK, to="3174").files == ()  # it lies there already


def test_a_word_that_is_refused_holds_up_no_packet():
    station, office = Station(packets(1)), Office(refuses=True)
    _, _, report = trip(station, office)
    assert (report.taken, [one.kind for one in report.refused]) == (1, [KEY_END])
