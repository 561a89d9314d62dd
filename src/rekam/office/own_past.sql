-- name: note
-- The first proof of this life that the server is older than its word.
INSERT INTO own_past (life, teller, what, told, own, word)
VALUES ((SELECT coalesce(max(epochs), 1) FROM rebuilt), %(teller)s, %(what)s, %(told)s, %(own)s, %(word)s)
ON CONFLICT DO NOTHING

-- name: found
-- What was found in this life.
SELECT teller, what, told, own, at FROM own_past
WHERE life = (SELECT coalesce(max(epochs), 1) FROM rebuilt)

-- name: extent
-- How far the books go: since which rebuilding, numbers of letters, installations and keys certified, the last line of
-- the blank ledger, the last arrival, the last entry of the feed, the largest checkpoint cosigned.
SELECT (SELECT coalesce(max(epochs), 1) FROM rebuilt),
       (SELECT coalesce(sum(last - first + 1), 0) FROM letter_block),
       (SELECT count(*) FROM recovery_issue),
       (SELECT count(*) FROM key_issue),
       (SELECT coalesce(max(entry), 0) FROM blank_ledger),
       (SELECT coalesce(max(arrival), 0) FROM exchange.packet),
       (SELECT coalesce(max(n), 0) FROM exchange.feed_cursor),
       (SELECT coalesce(max(size), 0) FROM exchange.witness_cosignature)
