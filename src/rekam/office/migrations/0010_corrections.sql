-- Corrected biodata (docs/adr/0052): what officials brought in from the family card counter, sealed under the office's data
-- key, and which station is told of which, numbered from 1 without a gap for each. `who` is a keyed hash of the NIK.
CREATE TABLE resident_change (
    version    bigint PRIMARY KEY CHECK (version > 0),
    who        bytea NOT NULL,
    sealed     bytea NOT NULL,
    source     text NOT NULL CHECK (source IN ('form', 'file', 'command')),
    by         text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX resident_change_of ON resident_change (who, version DESC);
CREATE TRIGGER resident_change_stays BEFORE UPDATE OR DELETE ON resident_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The life of the feeds below: another one for every database, so that no number is ever told twice.
CREATE TABLE resident_life (
    id         integer PRIMARY KEY CHECK (id = 1),
    life       text NOT NULL
);
CREATE TRIGGER resident_life_stays BEFORE UPDATE OR DELETE ON resident_life
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE resident_news (
    station    text NOT NULL,
    n          bigint NOT NULL CHECK (n > 0),
    version    bigint NOT NULL REFERENCES resident_change,
    PRIMARY KEY (station, n),
    UNIQUE (station, version)
);
CREATE TRIGGER resident_news_stays BEFORE UPDATE OR DELETE ON resident_news
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- How far each station says it is; and the referrals that wait there, as it last told them.
CREATE TABLE resident_heard (
    station    text PRIMARY KEY,
    n          bigint NOT NULL,
    seen       bigint NOT NULL,
    at         timestamptz NOT NULL
);
CREATE TABLE referral_waiting (
    station    text NOT NULL,
    number     text NOT NULL,
    at         timestamptz NOT NULL,
    who        bytea NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (station, number)
);
