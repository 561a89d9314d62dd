-- Offices may draw the cut of a person whom they stopped earlier afterwards: each is a row, and the earliest counts. Of
-- a station's own words on one key the first one stands, as before (docs/adr/0055).
ALTER TABLE key_ended DROP CONSTRAINT key_ended_pkey;
CREATE UNIQUE INDEX key_ended_once ON key_ended (station, key) WHERE why <> 'stopped';
CREATE UNIQUE INDEX key_ended_cut ON key_ended (station, key, epoch, after);
