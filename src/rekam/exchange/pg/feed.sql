-- name: append
-- Add an entry without a number, in the caller's transaction.
INSERT INTO exchange.feed_entry (feed, kind, body) VALUES (%(feed)s, %(kind)s, %(body)s)

-- name: stands
-- The number of the newest entry, 0 when there is none, and whether entries wait for numbers.
SELECT coalesce(max(n), 0), EXISTS (SELECT 1 FROM exchange.feed_entry WHERE feed = %(feed)s AND n IS NULL)
FROM exchange.feed_entry WHERE feed = %(feed)s

-- name: lock_sequencer
-- One numbering of this feed at a time; held to the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('rekam feed ' || %(feed)s, 0))

-- name: number
-- Number what is committed and has no number yet, going on from the last number, without a gap.
WITH fresh AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place
    FROM exchange.feed_entry WHERE feed = %(feed)s AND n IS NULL
)
UPDATE exchange.feed_entry AS entry
SET n = fresh.place + (SELECT coalesce(max(n), 0) FROM exchange.feed_entry WHERE feed = %(feed)s)
FROM fresh WHERE entry.id = fresh.id

-- name: last
-- The number of the newest entry, 0 when there is none.
SELECT coalesce(max(n), 0) FROM exchange.feed_entry WHERE feed = %(feed)s

-- name: numbered_after
-- The entries that follow number n, up to the one whose body fills the batch.
SELECT n, kind, body
FROM (
    SELECT n, kind, body, sum(octet_length(body)) OVER (ORDER BY n) - octet_length(body) AS bytes_before
    FROM (
        SELECT n, kind, body FROM exchange.feed_entry
        WHERE feed = %(feed)s AND n > %(n)s ORDER BY n LIMIT %(limit)s
    ) AS following
) AS measured
WHERE bytes_before < %(bytes)s
ORDER BY n

-- name: cursor
-- The number of the last entry applied here.
SELECT n FROM exchange.feed_cursor WHERE feed = %(feed)s

-- name: begin_cursor
-- Make sure that there is a cursor to lock.
INSERT INTO exchange.feed_cursor (feed, n) VALUES (%(feed)s, 0) ON CONFLICT DO NOTHING

-- name: lock_cursor
-- The cursor, locked: one batch of a feed is applied at a time.
SELECT n FROM exchange.feed_cursor WHERE feed = %(feed)s FOR UPDATE

-- name: move_cursor
-- Move on, in the transaction of the entries' effects.
UPDATE exchange.feed_cursor SET n = %(n)s WHERE feed = %(feed)s

-- name: keep_batch
-- Keep the batch as it was signed, for handing on.
INSERT INTO exchange.feed_batch (feed, first, last, data) VALUES (%(feed)s, %(first)s, %(last)s, %(data)s)

-- name: batch_after
-- The batch that holds the entry after number n, as it was signed.
SELECT data FROM exchange.feed_batch WHERE feed = %(feed)s AND last > %(n)s ORDER BY last LIMIT 1
