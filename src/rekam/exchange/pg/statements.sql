-- name: lock
-- One recording of a statement at a time.
SELECT pg_advisory_xact_lock(hashtextextended('rekam statement ' || %(id)s, 0))

-- name: receipt_of
-- The receipt on record for one statement.
SELECT receipt FROM exchange.statement WHERE id = %(id)s

-- name: record
-- Keep a statement as it was signed, with the receipt given for it.
INSERT INTO exchange.statement (id, kind, office, at_ms, data, chain, receipt)
VALUES (%(id)s, %(kind)s, %(office)s, %(at_ms)s, %(data)s, %(chain)s, %(receipt)s)

-- name: put
-- Queue a statement for the centre in the transaction that it belongs to; saying it again changes nothing.
INSERT INTO exchange.statement_outbox (id, kind, at_ms, data, chain)
VALUES (%(id)s, %(kind)s, %(at_ms)s, %(data)s, %(chain)s) ON CONFLICT DO NOTHING

-- name: waiting
-- The statements to send, oldest first, those refused left out.
SELECT data, chain FROM exchange.statement_outbox WHERE receipt IS NULL AND code = '' ORDER BY queued LIMIT %(limit)s

-- name: acknowledge
-- Keep the verified receipt; one that is there already stays.
UPDATE exchange.statement_outbox SET receipt = %(receipt)s, code = '', reason = ''
WHERE id = %(id)s AND receipt IS NULL

-- name: set_aside
-- The centre refused it: people must look.
UPDATE exchange.statement_outbox SET code = %(code)s, reason = %(reason)s WHERE id = %(id)s AND receipt IS NULL

-- name: aside
-- Those that were refused, oldest first.
SELECT id FROM exchange.statement_outbox WHERE receipt IS NULL AND code <> '' ORDER BY queued

-- name: retry
-- Let one of those that were refused, or all of them, wait again.
UPDATE exchange.statement_outbox SET code = '', reason = ''
WHERE receipt IS NULL AND code <> '' AND id = coalesce(%(id)s, id)

-- name: listed
-- Everything that was said, newest first.
SELECT id, kind, at_ms, receipt, code, reason FROM exchange.statement_outbox ORDER BY queued DESC

-- name: recorded
-- Which of these are on record.
SELECT id FROM exchange.statement WHERE id = ANY(%(ids)s)

-- name: confirmed
-- Those with a receipt, by id, those after one only.
SELECT data, chain FROM exchange.statement_outbox WHERE receipt IS NOT NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s

-- name: counted
-- Of each kind, how many are confirmed, wait, and were refused.
SELECT kind, count(receipt), count(*) FILTER (WHERE receipt IS NULL AND code = ''),
       count(*) FILTER (WHERE receipt IS NULL AND code <> '')
FROM exchange.statement_outbox GROUP BY kind ORDER BY kind
