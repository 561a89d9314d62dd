-- Sheets that offices printed, as their statements say; every copy is a fact of its own, the newest replaces the others.
CREATE TABLE card_printed (
    packet_id      text NOT NULL REFERENCES print_order,
    copy           integer NOT NULL CHECK (copy > 0),
    office         text NOT NULL,
    blank          bigint NOT NULL CHECK (blank > 0),
    issued_on      date NOT NULL,
    printed_at     timestamptz NOT NULL,
    heard_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (packet_id, copy)
);
CREATE TRIGGER card_is_final BEFORE UPDATE OR DELETE ON card_printed FOR EACH ROW EXECUTE FUNCTION refuse_change();
