-- name: lock
-- One who adds versions at a time; readers are not held up.
LOCK TABLE exchange.announced IN EXCLUSIVE MODE

-- name: lock_at_once
-- The same, or an error where somebody else adds one just now.
LOCK TABLE exchange.announced IN EXCLUSIVE MODE NOWAIT

-- name: note
-- A version, where it is higher than all of its name.
INSERT INTO exchange.announced (name, version, part, size)
SELECT %(name)s, %(version)s, %(part)s, %(size)s
WHERE NOT EXISTS (SELECT 1 FROM exchange.announced WHERE name = %(name)s AND version >= %(version)s)

-- name: known
-- All, by name, then by version.
SELECT name, version, part, size FROM exchange.announced ORDER BY name, version
