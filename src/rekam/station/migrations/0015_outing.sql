-- The mobile unit (docs/adr/0047). An outing is planned, sets out, comes back and is closed; at most one is out at a time,
-- and what is closed stays as it is. The list of whom it expects is personal data for that one errand: it goes when the
-- outing is closed. What was recorded on it stays, as numbers of packets.
CREATE TABLE outing (
    outing      integer PRIMARY KEY AUTOINCREMENT,
    once        text NOT NULL UNIQUE,  -- the form that planned it: pressed twice, it is one outing
    place       text NOT NULL,
    village     text NOT NULL,
    first_day   text NOT NULL,
    last_day    text NOT NULL CHECK (last_day >= first_day),
    opens       text NOT NULL,
    closes      text NOT NULL CHECK (closes > opens),
    team        text NOT NULL,         -- ids of staff, one a line
    vehicle     text NOT NULL,
    contact     text NOT NULL,         -- somebody in the village; goes with the list
    planned_by  text NOT NULL,
    planned_at  text NOT NULL,
    asked       text NOT NULL DEFAULT '',  -- which edition of the offline check the list was held against
    paper_at    text,
    departed_at text,
    returned_at text,
    closed_at   text,
    closed_by   text,
    counts      blob,
    CHECK ((closed_at IS NULL) = (counts IS NULL))
) STRICT;
CREATE UNIQUE INDEX one_outing_is_out ON outing ((1))
    WHERE departed_at IS NOT NULL AND returned_at IS NULL AND closed_at IS NULL;
CREATE TRIGGER outing_stays_closed BEFORE UPDATE ON outing WHEN old.closed_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed outing stays as it is'); END;
CREATE TRIGGER outing_is_kept BEFORE DELETE ON outing
BEGIN SELECT raise(ABORT, 'an outing stays noted'); END;

CREATE TABLE expected (
    outing     integer NOT NULL REFERENCES outing,
    nik        text NOT NULL,
    name       text NOT NULL,
    birth_date text NOT NULL,
    village    text NOT NULL,
    rw         text NOT NULL,
    rt         text NOT NULL,
    source     text NOT NULL CHECK (source IN ('register', 'list')),
    check_hash blob NOT NULL,
    perhaps    integer NOT NULL CHECK (perhaps IN (0, 1)),  -- the offline check said: very probably recorded
    PRIMARY KEY (outing, nik)
) STRICT;
CREATE INDEX expected_by_place ON expected (outing, village, rw, rt, name);
CREATE TRIGGER expected_of_open_outings BEFORE INSERT ON expected
WHEN (SELECT closed_at FROM outing WHERE outing = new.outing) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed outing expects nobody'); END;

-- Written with the recording, in its transaction; `listed`: the resident stood on the list.
CREATE TABLE outing_recording (
    packet_id text PRIMARY KEY REFERENCES recording,
    outing    integer NOT NULL REFERENCES outing,
    saved_at  text NOT NULL,
    listed    integer NOT NULL CHECK (listed IN (0, 1))
) STRICT;
CREATE INDEX outing_recording_of ON outing_recording (outing, saved_at);
CREATE INDEX outing_recording_at ON outing_recording (saved_at);
CREATE TRIGGER outing_recording_stays BEFORE UPDATE ON outing_recording
BEGIN SELECT raise(ABORT, 'where something was recorded stays noted'); END;
CREATE TRIGGER outing_recording_is_kept BEFORE DELETE ON outing_recording
BEGIN SELECT raise(ABORT, 'where something was recorded stays noted'); END;
