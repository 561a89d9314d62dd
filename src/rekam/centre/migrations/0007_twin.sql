-- The centre's lives and its twin (docs/adr/0033). A generation begins with the first start, with a take-over and with
-- a restored backup; its branch tells two of one number apart.
CREATE TABLE centre_generation (
    number         integer PRIMARY KEY CHECK (number > 0),
    branch         text NOT NULL CHECK (branch ~ '^[0-9a-f]{32}$'),
    how            text NOT NULL CHECK (how IN ('founded', 'promoted', 'restored')),
    because        text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER generation_is_final BEFORE UPDATE OR DELETE ON centre_generation FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The one twin and how it stands with it (rekam.centre.twin.pairing.Mode). `missed` counts files that did not reach the
-- twin while it was catching up: as long as it grows, it is not paired.
CREATE TABLE centre_twin (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    url            text NOT NULL,
    mode           text NOT NULL CHECK (mode IN ('catching_up', 'rejoining', 'paired', 'alone')),
    missed         bigint NOT NULL DEFAULT 0,
    since          timestamptz NOT NULL DEFAULT now()
);

-- Who decided what about the twin; never changed.
CREATE TABLE twin_decision (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision       text NOT NULL,
    by_whom        text NOT NULL,
    because        text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER twin_decision_is_final BEFORE UPDATE OR DELETE ON twin_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
