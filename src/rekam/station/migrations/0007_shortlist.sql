-- What the local search holds in memory of each recording, made of its templates once; other templates, or another way
-- to make it, and it is made anew. `kinds` names the extractors.
CREATE TABLE shortlist (
    position  integer PRIMARY KEY AUTOINCREMENT,
    packet_id text NOT NULL UNIQUE REFERENCES template,
    kinds     text NOT NULL,
    row       blob NOT NULL
) STRICT;
