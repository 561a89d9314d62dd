-- name: set_status
-- The centre's newest word about one key.
INSERT INTO resident_status AS known (key, status, at, entry) VALUES (%(key)s, %(status)s, %(at)s, %(entry)s)
ON CONFLICT (key) DO UPDATE SET status = excluded.status, at = excluded.at, entry = excluded.entry
WHERE known.entry < excluded.entry

-- name: put_notice
-- A notice of the centre; numbers are never used twice.
INSERT INTO notice (number, at, text_id, text_en, todo_id, todo_en)
VALUES (%(number)s, %(at)s, %(text_id)s, %(text_en)s, %(todo_id)s, %(todo_en)s) ON CONFLICT DO NOTHING

-- name: put_withdrawn
-- A station's keys that are no longer believed; the first word stands.
INSERT INTO withdrawn_key (station, epoch, "after", at_ms, log_size)
VALUES (%(station)s, %(epoch)s, %(after)s, %(at_ms)s, %(log_size)s) ON CONFLICT DO NOTHING

-- name: withdrawn
-- All of them.
SELECT station, epoch, "after", at_ms, log_size FROM withdrawn_key ORDER BY at_ms DESC, station, epoch

-- name: status_of
-- The status under one key.
SELECT status, at FROM resident_status WHERE key = %(key)s

-- name: notices
-- Newest first.
SELECT number, at, text_id, text_en, todo_id, todo_en FROM notice ORDER BY number DESC LIMIT %(limit)s

-- name: answered
-- The centre answered just now.
INSERT INTO contact (answered_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET answered_at = now()

-- name: contact
-- When the centre last answered, and how many seconds ago.
SELECT answered_at, extract(epoch FROM now() - answered_at)::float8 FROM contact

-- name: counts
-- How much this copy holds.
SELECT (SELECT count(*) FROM resident_status), (SELECT count(*) FROM notice)

-- name: mirror_size
-- Entries of the public log copied.
SELECT coalesce(max(position) + 1, 0) FROM mirror_entry

-- name: mirror_nodes
-- The hashes of some subtrees.
SELECT level, index, hash FROM mirror_node
JOIN unnest(%(levels)s::smallint[], %(indexes)s::bigint[]) AS wanted (level, index) USING (level, index)

-- name: mirror_lock
-- One append at a time.
SELECT pg_advisory_xact_lock(hashtextextended('rekam log copy', 0))

-- name: mirror_add_entries
-- Entries in a row.
INSERT INTO mirror_entry (position, entry)
SELECT %(first)s + at - 1, entry FROM unnest(%(entries)s::bytea[]) WITH ORDINALITY AS added (entry, at)

-- name: mirror_add_nodes
-- The subtrees that they complete.
INSERT INTO mirror_node (level, index, hash)
SELECT * FROM unnest(%(levels)s::smallint[], %(indexes)s::bigint[], %(hashes)s::bytea[])

-- name: mirror_entries
-- Entries from a position on.
SELECT entry FROM mirror_entry WHERE position >= %(first)s AND position < %(first)s + %(count)s ORDER BY position

-- name: mirror_find
-- By the beginning of the entry, at least 10 bytes of it.
SELECT position, entry FROM mirror_entry
WHERE substring(entry for 10) = substring(%(beginning)s::bytea for 10)
  AND substring(entry for octet_length(%(beginning)s::bytea)) = %(beginning)s::bytea
ORDER BY position LIMIT 20

-- name: log_reached
-- The copy reached the newest checkpoint just now.
INSERT INTO log_contact (reached_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET reached_at = now()

-- name: log_contact
-- When it last did, and how many seconds ago.
SELECT reached_at, extract(epoch FROM now() - reached_at)::float8 FROM log_contact
