-- name: ask
-- One official's wish, with the cut as it was drawn then.
INSERT INTO key_stop (station, epoch, subject, name, role, after, head, reason, asked_by)
SELECT %(station)s, %(epoch)s, %(subject)s, %(name)s, %(role)s, %(after)s, %(head)s, %(reason)s, %(asked_by)s
WHERE NOT EXISTS (SELECT 1 FROM key_stop s LEFT JOIN key_stop_word w USING (number)
                  WHERE (s.station, s.subject, s.closed_by) = (%(station)s, %(subject)s, '') AND w.number IS NULL)
ON CONFLICT DO NOTHING RETURNING number

-- name: earliest
-- The cut that counts, of those that two officials signed.
SELECT min(s.after) FROM key_stop s JOIN key_stop_word w USING (number)
WHERE (s.station, s.epoch, s.subject) = (%(station)s, %(epoch)s, %(subject)s)

-- name: find
-- One of them, and what the station said of that person since.
SELECT s.number, s.station, s.epoch, s.subject, s.name, s.role, s.after, s.head, s.reason, s.asked_by, s.asked_at,
       s.closed_by, coalesce(w.official, ''), w.at, coalesce(w.word, ''),
       (SELECT e.after FROM key_end e WHERE (e.station, e.epoch, e.subject) = (s.station, s.epoch, s.subject)
        AND e.why = 'left' ORDER BY e.heard DESC LIMIT 1)
FROM key_stop s LEFT JOIN key_stop_word w USING (number) WHERE s.number = %(number)s

-- name: listed
-- Those that wait for a second official first, then the newest.
SELECT s.number, s.station, s.epoch, s.subject, s.name, s.role, s.after, s.head, s.reason, s.asked_by, s.asked_at,
       s.closed_by, coalesce(w.official, ''), w.at, coalesce(w.word, ''),
       (SELECT e.after FROM key_end e WHERE (e.station, e.epoch, e.subject) = (s.station, s.epoch, s.subject)
        AND e.why = 'left' ORDER BY e.heard DESC LIMIT 1)
FROM key_stop s LEFT JOIN key_stop_word w USING (number)
ORDER BY (s.closed_by <> '' OR w.number IS NOT NULL), s.number DESC LIMIT 100

-- name: waiting
-- How many wait for a second official.
SELECT count(*) FROM key_stop s WHERE closed_by = '' AND NOT EXISTS (SELECT 1 FROM key_stop_word w WHERE w.number = s.number)

-- name: lock
-- Alone with one until the transaction ends.
SELECT 1 FROM key_stop WHERE number = %(number)s FOR UPDATE

-- name: sign
-- The second official's word.
INSERT INTO key_stop_word (number, official, word) VALUES (%(number)s, %(official)s, %(word)s)

-- name: take_back
-- It ends without a word.
UPDATE key_stop s SET closed_by = %(by)s
WHERE number = %(number)s AND closed_by = '' AND NOT EXISTS (SELECT 1 FROM key_stop_word w WHERE w.number = s.number)

-- name: before
-- The cut that counted when this one was asked for.
SELECT min(s.after) FROM key_stop s JOIN key_stop_word w USING (number), key_stop one
WHERE one.number = %(number)s AND s.number < one.number
  AND (s.station, s.epoch, s.subject) = (one.station, one.epoch, one.subject)

-- name: words
-- What a station's installation has to hear.
SELECT w.word FROM key_stop s JOIN key_stop_word w USING (number)
WHERE (s.station, s.epoch) = (%(station)s, %(epoch)s) ORDER BY s.number

-- name: epoch
-- The newest installation of a station that this office knows.
SELECT coalesce(max(epoch), 1) FROM recovery_issue WHERE station = %(station)s

-- name: close_requests
-- Who is stopped asks for no new key.
UPDATE key_request r SET closed = 'refused', closed_by = %(by)s, reason = %(reason)s
WHERE (station, subject) = (%(station)s, %(subject)s) AND closed = ''
  AND NOT EXISTS (SELECT 1 FROM key_issue i WHERE i.request = r.request)
