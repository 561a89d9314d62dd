-- A centre restored from a backup knows less than it once told (docs/adr/0033). Before it says anything new, its offices
-- hand back what it signed after the backup: batches of the feed, acceptance receipts, packets.
CREATE TABLE recollection (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    began          timestamptz NOT NULL DEFAULT now(),
    finished       timestamptz,
    because        text NOT NULL DEFAULT ''
);
CREATE TABLE recollected_batch (
    feed           text NOT NULL,
    first          bigint NOT NULL,
    last           bigint NOT NULL CHECK (last >= first),
    data           bytea NOT NULL,
    PRIMARY KEY (feed, last, first)
);
CREATE TABLE recollected_receipt (
    position       bigint PRIMARY KEY CHECK (position >= 0),
    packet_id      text NOT NULL UNIQUE,
    size           bigint NOT NULL,
    receipt        bytea NOT NULL,
    chain          bytea
);
CREATE TABLE recollected_office (
    office         text PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT now()
);

-- What was told of a packet in the time that the backup does not know: it is never told again, nor otherwise.
CREATE TABLE told_before (
    packet_id      text NOT NULL,
    kind           text NOT NULL,
    status         text,
    order_number   bigint,
    PRIMARY KEY (packet_id, kind)
);
CREATE TRIGGER told_before_is_final BEFORE UPDATE OR DELETE ON told_before FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A print order that was told keeps the number under which the office knows it.
CREATE FUNCTION order_number_as_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.order_number := coalesce(
        (SELECT order_number FROM told_before WHERE packet_id = NEW.packet_id AND kind = 'print_order'), NEW.order_number);
    RETURN NEW;
END $$;
CREATE TRIGGER order_number_as_told BEFORE INSERT ON print_order FOR EACH ROW EXECUTE FUNCTION order_number_as_told();
