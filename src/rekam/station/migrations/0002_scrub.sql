-- The stored packets are read again and again: what was found that is not sound now. How far the reading came is a
-- setting.
CREATE TABLE damage (
    blob_id  text PRIMARY KEY,
    code     text NOT NULL
) STRICT;
