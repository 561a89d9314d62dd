-- The service day (docs/adr/0039): what the supervisor planned, which day's queue is in force, its tickets and what
-- happened to them. Every row stays as it was written; the newest of a kind counts. A ticket's number is its key, so that
-- no two people share one, whatever fails (never 5). Nothing here names a resident.
CREATE TABLE service_plan (
    change    integer PRIMARY KEY AUTOINCREMENT,
    which     text NOT NULL,  -- a date, or the day of the week 0 (Monday) to 6
    opens     text,           -- HH:MM, null where the counter is closed
    closes    text,
    expected  integer NOT NULL CHECK (expected >= 0),
    note      text NOT NULL,
    set_by    text NOT NULL,
    at        text NOT NULL,
    CHECK ((opens IS NULL AND closes IS NULL) OR opens < closes)
) STRICT;
CREATE INDEX service_plan_of ON service_plan (which, change);

CREATE TABLE service_day (
    opening   integer PRIMARY KEY AUTOINCREMENT,
    day       text NOT NULL,
    at        text NOT NULL,
    basis     text NOT NULL,
    opened_by text NOT NULL
) STRICT;

CREATE TABLE ticket (
    day       text NOT NULL,
    prefix    text NOT NULL,
    number    integer NOT NULL CHECK (number > 0),
    service   text NOT NULL,
    priority  text NOT NULL,
    at        text NOT NULL,
    once      text NOT NULL UNIQUE,  -- the form that asked for it: pressed twice, it is one ticket
    PRIMARY KEY (day, prefix, number)
) STRICT;
CREATE TRIGGER ticket_numbers_follow BEFORE INSERT ON ticket
WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ticket WHERE day = new.day AND prefix = new.prefix)
BEGIN SELECT raise(ABORT, 'tickets are numbered without gaps'); END;

CREATE TABLE ticket_event (
    event      integer PRIMARY KEY AUTOINCREMENT,
    day        text NOT NULL,
    prefix     text NOT NULL,
    number     integer NOT NULL,
    what       text NOT NULL CHECK (what IN ('called', 'attended', 'bound', 'absent', 'returned', 'done')),
    at         text NOT NULL,
    operator   text NOT NULL,
    sitting_id text,
    FOREIGN KEY (day, prefix, number) REFERENCES ticket,
    CHECK ((what = 'bound') = (sitting_id IS NOT NULL))
) STRICT;
CREATE INDEX ticket_event_of ON ticket_event (day, event);

CREATE TRIGGER plan_stays BEFORE UPDATE ON service_plan BEGIN SELECT raise(ABORT, 'what was planned stays noted'); END;
CREATE TRIGGER plan_is_kept BEFORE DELETE ON service_plan BEGIN SELECT raise(ABORT, 'what was planned stays noted'); END;
CREATE TRIGGER day_stays BEFORE UPDATE ON service_day BEGIN SELECT raise(ABORT, 'an opened day stays noted'); END;
CREATE TRIGGER day_is_kept BEFORE DELETE ON service_day BEGIN SELECT raise(ABORT, 'an opened day stays noted'); END;
CREATE TRIGGER ticket_stays BEFORE UPDATE ON ticket BEGIN SELECT raise(ABORT, 'a ticket is never changed'); END;
CREATE TRIGGER ticket_is_kept BEFORE DELETE ON ticket BEGIN SELECT raise(ABORT, 'a ticket is never removed'); END;
CREATE TRIGGER event_stays BEFORE UPDATE ON ticket_event BEGIN SELECT raise(ABORT, 'what happened stays noted'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON ticket_event BEGIN SELECT raise(ABORT, 'what happened stays noted'); END;
