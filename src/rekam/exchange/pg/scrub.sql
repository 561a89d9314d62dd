-- name: held
-- The packets that must lie here, by id, those after one id; a purged copy must not.
SELECT packet_id FROM exchange.packet p WHERE packet_id > %(after)s
  AND NOT EXISTS (SELECT 1 FROM exchange.purge WHERE purge.packet_id = p.packet_id)
ORDER BY packet_id LIMIT %(limit)s

-- name: position
-- Where the reading stands and how often it went through.
SELECT position, passes FROM exchange.scrub

-- name: move_on
-- Note how far the reading came; a finished pass begins anew.
UPDATE exchange.scrub
SET position = CASE WHEN %(finished)s THEN '' ELSE %(position)s END, passes = passes + %(finished)s::integer

-- name: sound
-- What was read and found sound is damaged no more.
DELETE FROM exchange.damage WHERE blob_id = ANY(%(blob_ids)s)

-- name: found_damaged
-- Keep what was found damaged; the newest word counts, the first time stays.
INSERT INTO exchange.damage (blob_id, code) VALUES (%(blob_id)s, %(code)s)
ON CONFLICT (blob_id) DO UPDATE SET code = excluded.code

-- name: damaged
-- All that is known to be damaged, by id.
SELECT blob_id, code FROM exchange.damage ORDER BY blob_id
