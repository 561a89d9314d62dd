-- Offices stop all keys of a person at a station (docs/adr/0055), beside what the station says of single keys: each is
-- a row of its own, and the earliest cut counts.
ALTER TABLE key_ended
    DROP CONSTRAINT key_ended_key_check,
    DROP CONSTRAINT key_ended_why_check,
    ADD CHECK (why IN ('replaced', 'left', 'stopped')),
    ADD CHECK (CASE WHEN why = 'stopped' THEN key = 'subject:' || subject ELSE key ~ '^[0-9a-f]{32}$' END);
COMMENT ON COLUMN enrolment_case.confirmed_by IS 'ids of the keys that confirmed it (hex), and subject:WHO of each owner';
