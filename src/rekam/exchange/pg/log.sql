-- name: lock
-- One append at a time, to the end of its transaction; a statement of its own, so that the next one sees the last size.
SELECT pg_advisory_xact_lock(hashtextextended('rekam public log', 0))

-- name: size
-- How many entries there are.
SELECT coalesce(max(position) + 1, 0) FROM exchange.log_entry

-- name: position_of
-- Where a packet stands.
SELECT position FROM exchange.log_entry WHERE packet_id = %(packet_id)s

-- name: add_entry
-- The next entry.
INSERT INTO exchange.log_entry (position, packet_id, entry) VALUES (%(position)s, %(packet_id)s, %(entry)s)

-- name: add_nodes
-- The subtrees that an entry completes.
INSERT INTO exchange.log_node (level, index, hash)
SELECT * FROM unnest(%(levels)s::smallint[], %(indexes)s::bigint[], %(hashes)s::bytea[])

-- name: nodes
-- The hashes of some subtrees.
SELECT level, index, hash
FROM exchange.log_node
JOIN unnest(%(levels)s::smallint[], %(indexes)s::bigint[]) AS wanted (level, index) USING (level, index)

-- name: row_of_nodes
-- A tile: consecutive hashes of one level.
SELECT hash FROM exchange.log_node
WHERE level = %(level)s AND index >= %(first)s AND index < %(first)s + %(count)s ORDER BY index

-- name: entries
-- A bundle: consecutive entries.
SELECT entry FROM exchange.log_entry
WHERE position >= %(first)s AND position < %(first)s + %(count)s ORDER BY position
