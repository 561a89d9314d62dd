-- name: close_older
-- A new request of a station takes the place of those that nobody approved yet.
UPDATE recovery_request r SET closed = 'superseded'
WHERE station = %(station)s AND closed = '' AND after IS NULL
  AND NOT EXISTS (SELECT 1 FROM recovery_issue i WHERE i.request = r.request)

-- name: open
-- A station that lost its keys asks.
INSERT INTO recovery_request (request, station, commitment, nonce)
VALUES (%(request)s, %(station)s, %(commitment)s, %(nonce)s)

-- name: lock
-- One request, alone with it until the transaction ends.
SELECT request, station, commitment, nonce, opened_at, reveal, wrong, closed, after, head, reason
FROM recovery_request WHERE request = %(request)s FOR UPDATE

-- name: find
-- One request.
SELECT request, station, commitment, nonce, opened_at, reveal, wrong, closed, after, head, reason
FROM recovery_request WHERE request = %(request)s

-- name: listed
-- Requests that showed their keys: open ones first, then the newest.
SELECT r.request, r.station, r.commitment, r.nonce, r.opened_at, r.reveal, r.wrong, r.closed, r.after, r.head, r.reason
FROM recovery_request r LEFT JOIN recovery_issue i USING (request)
WHERE r.reveal IS NOT NULL AND r.closed <> 'superseded'
ORDER BY (r.closed <> '' OR i.request IS NOT NULL), r.opened DESC LIMIT 50

-- name: show
-- The keys, once.
UPDATE recovery_request SET reveal = %(reveal)s WHERE request = %(request)s AND reveal IS NULL

-- name: miss
-- Somebody typed other letters.
UPDATE recovery_request SET wrong = wrong + 1,
    closed = CASE WHEN wrong + 1 >= %(most)s THEN 'wrong-code' ELSE closed END
WHERE request = %(request)s AND closed = '' RETURNING closed

-- name: close
-- An official, or the rules, end it.
UPDATE recovery_request SET closed = %(closed)s WHERE request = %(request)s AND closed = ''

-- name: set_terms
-- What the first official says of the old key.
UPDATE recovery_request SET after = %(after)s, head = %(head)s, reason = %(reason)s
WHERE request = %(request)s AND after IS NULL

-- name: approve
-- One official's yes; the same person again changes nothing.
INSERT INTO recovery_approval (request, official) VALUES (%(request)s, %(official)s) ON CONFLICT DO NOTHING

-- name: approvals
-- Who approved, in order.
SELECT official FROM recovery_approval WHERE request = %(request)s ORDER BY approved_at, official

-- name: newest_epoch
-- The newest installation of the station that anybody here knows of.
SELECT greatest(1,
    coalesce((SELECT max(epoch) FROM exchange.packet WHERE station = %(station)s), 1),
    coalesce((SELECT max(epoch) FROM exchange.fence WHERE station = %(station)s), 1),
    coalesce((SELECT max(epoch) FROM recovery_issue WHERE station = %(station)s), 1))

-- name: spared_epochs
-- Where new installations begin since this server was rebuilt: the numbers before may have been given.
SELECT coalesce(max(epochs), 1) FROM rebuilt

-- name: next_life
-- Where they begin after the next rebuilding: a full ten above every one known here, of any station, and above what an
-- earlier rebuilding spared, as far as it is known or a station has proved it.
SELECT 10 * (1 + greatest(1,
    coalesce((SELECT max(epoch) FROM exchange.packet), 1),
    coalesce((SELECT max(epoch) FROM exchange.fence), 1),
    coalesce((SELECT max(epoch) FROM recovery_issue), 1),
    coalesce((SELECT max(epochs) FROM rebuilt), 1),
    coalesce((SELECT max(told) FROM own_past WHERE what = 'life'), 1)) / 10)

-- name: note_rebuilt
-- With the lines of the blank ledger: a full hundred thousand above the last known here, and one for each life, for a
-- life that this server has forgotten gave lines above the same.
INSERT INTO rebuilt (epochs, sheets) SELECT %(life)s::integer,
    100000 * greatest(%(life)s::integer / 10, 1 + greatest(
        coalesce((SELECT max(entry) FROM blank_ledger), 0),
        coalesce((SELECT max(sheets) FROM rebuilt), 0)) / 100000)

-- name: issue
-- The new installation.
INSERT INTO recovery_issue (request, station, epoch, chain, bundle, size)
VALUES (%(request)s, %(station)s, %(epoch)s, %(chain)s, %(bundle)s, %(size)s)
