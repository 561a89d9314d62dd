-- Numbers of letters (suket, docs/adr/0044): blocks of a year that were given to one installation of a station each, and
-- what stations reported of their numbers. A number that came for two packets has two rows, and the register says so.
CREATE TABLE letter_block (
    year       integer NOT NULL,
    first      integer NOT NULL CHECK (first > 0),
    last       integer NOT NULL CHECK (last >= first),
    station    text NOT NULL,
    epoch      integer NOT NULL,
    given_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (year, first)
);
CREATE TRIGGER letter_block_stays BEFORE UPDATE OR DELETE ON letter_block
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE letter (
    year       integer NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    packet     text NOT NULL,
    station    text NOT NULL,
    epoch      integer NOT NULL,
    at         text NOT NULL,
    by         text NOT NULL,
    told_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (year, number, packet)
);
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON letter
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE letter_void (
    year       integer NOT NULL,
    number     integer NOT NULL,
    packet     text NOT NULL,
    reason     text NOT NULL,
    at         text NOT NULL,
    PRIMARY KEY (year, number, packet)
);
CREATE TRIGGER letter_void_stays BEFORE UPDATE OR DELETE ON letter_void
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
