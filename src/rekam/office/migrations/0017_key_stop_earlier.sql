-- A cut may be drawn earlier afterwards, by two officials again, for what is known of a theft grows (docs/adr/0055). Of
-- several the earliest counts, so each is a row of its own.
DROP INDEX key_stop_once;
CREATE UNIQUE INDEX key_stop_once ON key_stop (station, subject, epoch, after) WHERE closed_by = '';
