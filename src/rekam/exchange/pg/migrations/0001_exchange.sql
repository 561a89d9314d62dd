-- What office and centre keep of the exchange. Rows that were acknowledged or numbered never change: triggers,
-- not politeness, see to it.
CREATE SCHEMA exchange;

CREATE FUNCTION exchange.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

-- One row for each packet whose bytes are durable here; `receipt` is the one and only receipt given for it.
CREATE TABLE exchange.packet (
    packet_id   text PRIMARY KEY CHECK (packet_id ~ '^[0-9a-f]{64}$'),
    arrival     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    station     text NOT NULL,
    epoch       integer NOT NULL CHECK (epoch > 0),
    sequence    bigint NOT NULL CHECK (sequence > 0),
    previous    bytea NOT NULL CHECK (octet_length(previous) = 32),
    size        bigint NOT NULL CHECK (size > 0),
    header      bytea NOT NULL,
    chain       bytea NOT NULL,
    receipt     bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX packet_number ON exchange.packet (station, epoch, sequence);
CREATE TRIGGER packet_stays BEFORE UPDATE OR DELETE ON exchange.packet
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- Packets that share a number with different bytes; each of them has a row here.
CREATE TABLE exchange.fork (
    packet_id text PRIMARY KEY REFERENCES exchange.packet,
    station   text NOT NULL,
    epoch     integer NOT NULL,
    sequence  bigint NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER fork_stays BEFORE UPDATE OR DELETE ON exchange.fork
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- Packets still to be delivered to the next place. waiting: no receipt, no code; set aside: a code and a reason.
CREATE TABLE exchange.outbox (
    packet_id       text PRIMARY KEY REFERENCES exchange.packet,
    queued          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    queued_at       timestamptz NOT NULL DEFAULT now(),
    receipt         bytea,
    acknowledged_at timestamptz,
    code            text,
    reason          text,
    CHECK ((receipt IS NULL) = (acknowledged_at IS NULL)),
    CHECK ((code IS NULL) = (reason IS NULL)),
    CHECK (receipt IS NULL OR code IS NULL)
);
CREATE INDEX outbox_waiting ON exchange.outbox (queued) WHERE receipt IS NULL;
CREATE FUNCTION exchange.outbox_receipt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.receipt IS NOT NULL THEN
        RAISE EXCEPTION 'an acknowledged packet stays acknowledged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER outbox_receipt_stays BEFORE UPDATE OR DELETE ON exchange.outbox
    FOR EACH ROW EXECUTE FUNCTION exchange.outbox_receipt_stays();

-- The origin's entries. A writer appends without a number; the sequencer numbers what is committed (ADR 0008).
CREATE TABLE exchange.feed_entry (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed text NOT NULL,
    n    bigint CHECK (n > 0),
    kind text NOT NULL,
    body bytea NOT NULL,
    UNIQUE (feed, n)
);
CREATE INDEX feed_entry_unnumbered ON exchange.feed_entry (feed, id) WHERE n IS NULL;
CREATE FUNCTION exchange.feed_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.n IS NOT NULL
       OR (NEW.id, NEW.feed, NEW.kind, NEW.body) IS DISTINCT FROM (OLD.id, OLD.feed, OLD.kind, OLD.body) THEN
        RAISE EXCEPTION 'a feed entry stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER feed_entry_stays BEFORE UPDATE OR DELETE ON exchange.feed_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.feed_entry_stays();

-- A follower's place in each feed, and the batches as they were signed, for handing on.
CREATE TABLE exchange.feed_cursor (
    feed text PRIMARY KEY,
    n    bigint NOT NULL CHECK (n >= 0)
);
CREATE FUNCTION exchange.feed_cursor_advances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.n < OLD.n OR NEW.feed <> OLD.feed THEN
        RAISE EXCEPTION 'a feed does not go back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER feed_cursor_advances BEFORE UPDATE OR DELETE ON exchange.feed_cursor
    FOR EACH ROW EXECUTE FUNCTION exchange.feed_cursor_advances();
CREATE TABLE exchange.feed_batch (
    feed  text NOT NULL,
    first bigint NOT NULL,
    last  bigint NOT NULL CHECK (last >= first),
    data  bytea NOT NULL,
    PRIMARY KEY (feed, last)
);
CREATE TRIGGER feed_batch_stays BEFORE UPDATE OR DELETE ON exchange.feed_batch
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
