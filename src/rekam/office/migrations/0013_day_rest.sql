-- What an installation that ended left on days that nobody closed (docs/adr/0054): an official's word on its numbers, as
-- they stood then. Runs of sequences, first and last of each, as JSON.
CREATE TABLE day_rest (
    station   text NOT NULL,
    epoch     integer NOT NULL CHECK (epoch > 0),
    numbers   text NOT NULL CHECK (numbers <> '[]'),
    arrived   text NOT NULL,
    at        timestamptz NOT NULL,
    by_whom   text NOT NULL CHECK (by_whom <> ''),
    note      text NOT NULL CHECK (note <> ''),
    PRIMARY KEY (station, epoch)
);
CREATE TRIGGER day_rest_stays BEFORE UPDATE OR DELETE ON day_rest
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
