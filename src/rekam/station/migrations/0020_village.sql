-- Who lives in one village is read by the village, for the list of an outing (docs/adr/0047). The value of what is here
-- already: in canonical CBOR the key `village` and the head of a text of 13 characters stand before it.
ALTER TABLE resident ADD COLUMN village text NOT NULL DEFAULT '';
UPDATE resident SET village = CAST(substr(biodata, instr(biodata, x'6776696c6c6167656d') + 9, 13) AS text);
CREATE INDEX resident_by_village ON resident (village);
