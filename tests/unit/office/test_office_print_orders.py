"""Print orders as an office opens them: bound to their packet, summarised under its own key, eligible on the right day."""

from dataclasses import replace
from datetime import date

import pytest

from office_examples import CENTRE, DATA, OFFICE, OTHER_OFFICE, SITI, SIXTEEN, packet, parcel, pictures, stranger
from rekam.office.blanks import Account
from rekam.office.errors import OrderUnreadable
from rekam.office.print_orders import PrintOrders, Summary
from rekam.packet.errors import ParcelAltered, ParcelForAnotherPlace
from rekam.trust.at_rest import DataKey

ORDERS = PrintOrders(OFFICE.holder.opening, CENTRE.key.public, DATA)


def test_an_order_opens_to_its_resident_and_pictures():
    sent = packet()
    order = ORDERS.open(sent.id, parcel(sent))
    assert (order.number, order.biodata) == (sent.number, SITI)
    assert (order.photo, order.signature) == (pictures()["photo"]["image"], pictures()["signature"]["image"])


def test_a_resident_without_a_signature_has_none_on_the_card():
    sent = packet()
    assert ORDERS.open(sent.id, parcel(sent, images={"photo": pictures()["photo"]})).signature is None


def test_a_parcel_is_of_no_use_under_another_packet():
    one, other = packet(1), packet(2)
    with pytest.raises(OrderUnreadable):
        ORDERS.open(other.id, parcel(one))


def test_a_parcel_of_another_office_another_sender_or_with_a_changed_byte_says_which():
    sent = packet()
    with pytest.raises(ParcelForAnotherPlace):
        ORDERS.open(sent.id, parcel(sent, office=OTHER_OFFICE))
    with pytest.raises(ParcelAltered):
        PrintOrders(OFFICE.holder.opening, stranger().public, DATA).open(sent.id, parcel(sent))
    torn = bytearray(parcel(sent))
    torn[-1] ^= 1
    with pytest.raises(ParcelAltered):
        ORDERS.open(sent.id, bytes(torn))


def test_a_summary_shows_no_name_and_opens_under_its_own_key_and_packet_alone():
    sent, other = packet(1), packet(2)
    sealed = ORDERS.summarise(sent.id, parcel(sent))
    assert SITI.name.encode() not in sealed
    assert ORDERS.summary(sent.id, sealed) == Summary.of(SITI)
    assert ORDERS.summary(other.id, sealed) is None
    stolen = PrintOrders(OFFICE.holder.opening, CENTRE.key.public, DataKey.generate())
    assert stolen.summary(sent.id, sealed) is None


def test_a_parcel_that_does_not_open_has_no_summary():
    sent = packet()
    assert ORDERS.summarise(sent.id, b"no parcel") is None
    assert ORDERS.summarise(sent.id, parcel(sent, images={})) is None
    assert ORDERS.summary(sent.id, None) is None


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2000, 4, 15), date(2017, 4, 15)),
        (date(2000, 2, 29), date(2017, 3, 1)),
        (date(2003, 2, 28), date(2020, 2, 28)),
    ],
)
def test_a_card_is_due_from_the_seventeenth_birthday_and_not_a_day_before(born, day):
    young = Summary.of(replace(SIXTEEN, birth_date=born))
    assert young.eligible_from == day
    assert young.eligible(day)
    assert not young.eligible(date.fromordinal(day.toordinal() - 1))


def test_whoever_is_married_gets_a_card_before_that():
    assert Summary.of(replace(SIXTEEN, marital_status=2)).eligible(date(2017, 3, 20))


def test_the_account_of_pekalongan_adds_up_to_the_sheet():
    # 57,540 received = 54,833 printed + 2,707 spoiled (2016)
    account = Account(57540, 54833, 700, 2007, 0, 0, 55533)
    assert (account.ruined, account.adds_up) == (2707, True)
    assert not replace(account, stock=1).adds_up
    assert not replace(account, cards=55532).adds_up
