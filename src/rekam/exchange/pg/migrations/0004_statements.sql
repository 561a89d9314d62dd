-- What offices tell the centre beside packets (docs/adr/0031): at the centre each statement with its one receipt, at an
-- office those said, until the centre's receipt is held.
CREATE TABLE exchange.statement (
    id          text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
    arrival     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind        text NOT NULL,
    office      text NOT NULL,
    at_ms       bigint NOT NULL,
    data        bytea NOT NULL,
    chain       bytea NOT NULL,
    receipt     bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER statement_stays BEFORE UPDATE OR DELETE ON exchange.statement
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

CREATE TABLE exchange.statement_outbox (
    id          text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
    queued      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind        text NOT NULL,
    at_ms       bigint NOT NULL,
    data        bytea NOT NULL,
    chain       bytea NOT NULL,
    receipt     bytea,
    code        text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    CHECK (receipt IS NULL OR code = '')
);
CREATE FUNCTION exchange.statement_stays_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.receipt IS NOT NULL
       OR (NEW.id, NEW.kind, NEW.at_ms, NEW.data, NEW.chain) IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.at_ms, OLD.data, OLD.chain) THEN
        RAISE EXCEPTION 'what was said stays said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER statement_stays_said BEFORE UPDATE OR DELETE ON exchange.statement_outbox
    FOR EACH ROW EXECUTE FUNCTION exchange.statement_stays_said();
