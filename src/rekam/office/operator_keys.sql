-- name: put
-- A request, once, by whichever way it came first.
INSERT INTO key_request (request, station, epoch, subject, name, role, why, ends, asked_by, asked_as, came,
                         data)
VALUES (%(request)s, %(station)s, %(epoch)s, %(subject)s, %(name)s, %(role)s, %(why)s, %(ends)s, %(asked_by)s,
        %(asked_as)s, %(came)s, %(data)s)
ON CONFLICT (request) DO NOTHING

-- name: replace_older
-- Whoever asks anew for somebody no longer wants what was asked before.
UPDATE key_request r SET closed = 'replaced'
WHERE subject = %(subject)s AND request <> %(request)s AND closed = ''
  AND NOT EXISTS (SELECT 1 FROM key_issue i WHERE i.request = r.request)

-- name: lock
-- One request, alone with it until the transaction ends.
SELECT request, station, epoch, subject, name, role, why, ends, asked_by, asked_as, came, data, opened_at, wrong, closed,
       closed_by, reason
FROM key_request WHERE request = %(request)s FOR UPDATE

-- name: find
-- One request.
SELECT request, station, epoch, subject, name, role, why, ends, asked_by, asked_as, came, data, opened_at, wrong, closed,
       closed_by, reason
FROM key_request WHERE request = %(request)s

-- name: listed
-- Open ones first, then the newest.
SELECT r.request, r.station, r.epoch, r.subject, r.name, r.role, r.why, r.ends, r.asked_by, r.asked_as, r.came, r.data,
       r.opened_at, r.wrong, r.closed, r.closed_by, r.reason
FROM key_request r LEFT JOIN key_issue i USING (request)
WHERE r.closed <> 'replaced'
ORDER BY (r.closed <> '' OR i.request IS NOT NULL), r.opened DESC LIMIT 50

-- name: waiting
-- How many requests people have to decide about.
SELECT count(*) FROM key_request r WHERE closed = '' AND NOT EXISTS (SELECT 1 FROM key_issue i WHERE i.request = r.request)

-- name: miss
-- Somebody typed other letters.
UPDATE key_request SET wrong = wrong + 1, closed = CASE WHEN wrong + 1 >= %(most)s THEN 'letters' ELSE closed END
WHERE request = %(request)s AND closed = ''

-- name: close
-- It ends without a certificate.
UPDATE key_request r SET closed = %(closed)s, closed_by = %(by)s, reason = %(reason)s
WHERE request = %(request)s AND closed = '' AND NOT EXISTS (SELECT 1 FROM key_issue i WHERE i.request = r.request)

-- name: approve
-- One official's yes; the same person again changes nothing.
INSERT INTO key_approval (request, official) VALUES (%(request)s, %(official)s) ON CONFLICT DO NOTHING

-- name: approvals
-- Who approved, in order.
SELECT official FROM key_approval WHERE request = %(request)s ORDER BY approved_at, official

-- name: issue
-- The certificate, on two approvals.
INSERT INTO key_issue (request, certificate) VALUES (%(request)s, %(certificate)s)

-- name: issued
-- The certificate of a request.
SELECT certificate, issued_at FROM key_issue WHERE request = %(request)s

-- name: known
-- Whether this subject was certified at any station since.
SELECT 1 FROM key_request r JOIN key_issue i USING (request) WHERE r.subject = %(subject)s LIMIT 1

-- name: count_issued
-- How many keys this subject was given since it was provisioned; after a rebuilding above all that were forgotten.
SELECT count(*) + (SELECT coalesce(max(epochs), 0) FROM rebuilt)
FROM key_request r JOIN key_issue i USING (request) WHERE r.subject = %(subject)s

-- name: ended
-- Whether a new key took the place of this one, or its owner left.
SELECT 1 FROM key_request r JOIN key_issue i USING (request) WHERE r.ends = %(key)s
UNION ALL SELECT 1 FROM key_end WHERE key = %(key)s LIMIT 1

-- name: withdraw
-- Its station took the request back.
INSERT INTO key_withdrawal (request, station) VALUES (%(request)s, %(station)s) ON CONFLICT DO NOTHING

-- name: was_withdrawn
-- Whether its station had taken the request back.
SELECT 1 FROM key_withdrawal WHERE request = %(request)s AND station = %(station)s

-- name: supersede
-- A station that is set up anew asks anew: what its earlier installations asked for and nobody decided is closed.
UPDATE key_request r SET closed = 'superseded', closed_by = %(by)s, reason = %(reason)s
WHERE station = %(station)s AND epoch < %(epoch)s AND closed = ''
  AND NOT EXISTS (SELECT 1 FROM key_issue i WHERE i.request = r.request)
