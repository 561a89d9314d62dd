"""Sentences that came over the line or were kept are said in the reader's language, with what they quote."""

from rekam.centre.cards_printed import CardNotOrdered
from rekam.exchange.errors import PacketRefused, SenderForbidden, StatementRefused
from rekam.web.i18n import Language, read_catalogue, speaking
from rekam.web.retold import retold

PACKET = "ab" * 32


def test_a_refusal_is_told_with_the_sentence_that_it_quotes():
    inner = CardNotOrdered(packet_id=PACKET)
    told = retold(str(StatementRefused(statement_id="7", code=inner.code, detail=str(inner))))
    assert told.startswith("Pernyataan 7 kepada pusat tidak diterima (CardNotOrdered): Pusat tidak memesan kartu")
    assert PACKET in told
    assert "dikirim lagi dengan sendirinya" in told


def test_what_is_none_of_our_sentences_stays_as_it_was_said():
    assert retold("the header was altered") == "the header was altered"
    told = retold(str(PacketRefused(packet_id=PACKET, code="Odd", detail="the header was altered")))
    assert "the header was altered" in told
    assert not told.startswith("Packet")


def test_articles_that_follow_the_fact_are_understood():
    known = read_catalogue("errors_id")[SenderForbidden.template]
    for kind in ("office", "station"):
        error = SenderForbidden(kind=kind, subject="3174")
        assert retold(str(error)).endswith(known.rsplit("}", 1)[1])


def test_english_is_left_alone():
    sentence = str(SenderForbidden(kind="office", subject="3174"))
    with speaking(Language.ENGLISH):
        assert retold(sentence) == sentence
