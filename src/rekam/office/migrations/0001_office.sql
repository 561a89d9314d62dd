-- The office's own tables. Packets in custody, the outbox to the centre and the feed's batches are the schema
-- exchange's. Personal data lies sealed: a print order as the centre's parcel, its summary under the data key.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- What the centre told of each packet, one row for each entry of the feed: also how a repeated result is noticed.
CREATE TABLE told (
    entry       bigint PRIMARY KEY CHECK (entry > 0),
    packet_id   text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('accepted', 'progress', 'result', 'print_order')),
    status      text,
    reason      text NOT NULL DEFAULT '',
    at          timestamptz
);
CREATE INDEX told_of_packet ON told (packet_id, entry);
CREATE TRIGGER told_stays BEFORE UPDATE OR DELETE ON told FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Where each packet stands. `entry` is the feed's entry that said so, 0 for what this office knows by itself.
CREATE TABLE packet_status (
    packet_id   text PRIMARY KEY,
    number      text NOT NULL,
    station     text NOT NULL,
    status      text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL,
    entry       bigint NOT NULL DEFAULT 0
);
CREATE INDEX packet_status_by_status ON packet_status (status, at);
CREATE INDEX packet_status_by_number ON packet_status (number);
CREATE FUNCTION packet_status_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.packet_id <> OLD.packet_id OR NEW.entry < OLD.entry THEN
        RAISE EXCEPTION 'a status does not go back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER packet_status_goes_on BEFORE UPDATE OR DELETE ON packet_status
    FOR EACH ROW EXECUTE FUNCTION packet_status_goes_on();

-- One order for a packet. `parcel` is as the centre sealed it; `summary` (who it is for) under this office's data key,
-- missing where the parcel did not open.
CREATE TABLE print_order (
    packet_id    text PRIMARY KEY,
    order_number bigint NOT NULL UNIQUE,
    parcel       bytea NOT NULL,
    summary      bytea,
    received_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER print_order_stays BEFORE UPDATE OR DELETE ON print_order
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Blank cards, sheet by sheet. Number and balance of an entry are the database's, one entry at a time.
CREATE TABLE blank_ledger (
    entry       bigint PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    kind        text NOT NULL,
    change      integer NOT NULL,
    balance     integer NOT NULL,
    note        text NOT NULL DEFAULT '',
    by_whom     text NOT NULL,
    CONSTRAINT blank_ledger_kinds CHECK (
        (kind = 'received' AND change > 0) OR (kind = 'spoiled' AND change < 0)
        OR (kind IN ('printed', 'reprinted') AND change = -1)
    ),
    CONSTRAINT blank_stock_never_below_zero CHECK (balance >= 0)
);
CREATE FUNCTION blank_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last blank_ledger;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rekam blank ledger', 0));
    SELECT * INTO last FROM blank_ledger ORDER BY entry DESC LIMIT 1;
    NEW.entry := coalesce(last.entry, 0) + 1;
    NEW.balance := coalesce(last.balance, 0) + NEW.change;
    RETURN NEW;
END $$;
CREATE TRIGGER blank_ledger_entry BEFORE INSERT ON blank_ledger FOR EACH ROW EXECUTE FUNCTION blank_ledger_entry();
CREATE TRIGGER blank_ledger_stays BEFORE UPDATE OR DELETE ON blank_ledger
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every sheet that was printed: copy 1 is the card of the order, each further copy replaces the one before.
CREATE TABLE card (
    packet_id   text NOT NULL REFERENCES print_order,
    copy        integer NOT NULL CHECK (copy > 0),
    blank       bigint NOT NULL UNIQUE REFERENCES blank_ledger,
    issued_on   date NOT NULL,
    printed_by  text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    printed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (packet_id, copy),
    CHECK (copy = 1 OR reason <> '')
);
CREATE TRIGGER card_stays BEFORE UPDATE OR DELETE ON card FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE notice (
    number      integer PRIMARY KEY,
    at          timestamptz NOT NULL,
    text_id     text NOT NULL,
    text_en     text NOT NULL,
    todo_id     text NOT NULL,
    todo_en     text NOT NULL
);
CREATE TRIGGER notice_stays BEFORE UPDATE OR DELETE ON notice FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The newest signed centre time with this machine's own clocks at that moment (rekam.trust.clock.Anchor).
CREATE TABLE legal_anchor (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    centre_ms    bigint NOT NULL,
    boot_id      bytea NOT NULL,
    monotonic_ns bigint NOT NULL,
    wall_ms      bigint NOT NULL
);
