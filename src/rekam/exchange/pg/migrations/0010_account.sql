-- The newest account that each place below brought (docs/adr/0027), as it signed it; `live`: it brought it itself.
CREATE TABLE exchange.account (
    place       text PRIMARY KEY,
    at_ms       bigint NOT NULL,
    live        boolean NOT NULL,
    data        bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
