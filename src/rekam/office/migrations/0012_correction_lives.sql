-- A database that was put back to an older image begins another life, too (docs/adr/0052): the last one counts.
ALTER TABLE resident_life DROP CONSTRAINT resident_life_id_check;
