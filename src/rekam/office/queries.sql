-- name: take_into_custody
-- A packet that this office backs up; what the feed may have told of it before stays.
INSERT INTO packet_status (packet_id, number, station, status, at)
VALUES (%(packet_id)s, %(number)s, %(station)s, %(status)s, now()) ON CONFLICT DO NOTHING

-- name: note_told
-- One entry of the feed about one packet.
INSERT INTO told (entry, packet_id, kind, status, reason, at)
VALUES (%(entry)s, %(packet_id)s, %(kind)s, %(status)s, %(reason)s, %(at)s)

-- name: set_status
-- The centre's word, newest entry wins; a card that was printed stays printed when the centre only repeats
-- that it may be.
INSERT INTO packet_status AS known (packet_id, number, station, status, reason, at, entry)
VALUES (%(packet_id)s, %(number)s, %(station)s, %(status)s, %(reason)s, %(at)s, %(entry)s)
ON CONFLICT (packet_id) DO UPDATE SET
    status = CASE WHEN excluded.status = 'PRINT_READY_RECORD' AND known.status LIKE 'CARD\_%%' THEN known.status
                  ELSE excluded.status END,
    reason = excluded.reason, at = excluded.at, entry = excluded.entry
WHERE known.entry < excluded.entry

-- name: status_of
-- Where one packet stands.
SELECT status FROM packet_status WHERE packet_id = %(packet_id)s

-- name: set_printed
-- What this office knows before anybody: the card is printed.
UPDATE packet_status SET status = 'CARD_PRINTED', reason = '', at = now() WHERE packet_id = %(packet_id)s

-- name: put_print_order
-- The first order of a packet counts; a repeated one shows in `told` alone.
INSERT INTO print_order (packet_id, order_number, parcel, summary)
VALUES (%(packet_id)s, %(order)s, %(parcel)s, %(summary)s) ON CONFLICT DO NOTHING

-- name: put_notice
-- A notice of the centre; numbers are never used twice.
INSERT INTO notice (number, at, text_id, text_en, todo_id, todo_en)
VALUES (%(number)s, %(at)s, %(text_id)s, %(text_en)s, %(todo_id)s, %(todo_en)s) ON CONFLICT DO NOTHING

-- name: notices
-- Newest first.
SELECT number, at, text_id, text_en, todo_id, todo_en FROM notice ORDER BY number DESC LIMIT %(limit)s

-- name: doubled
-- Packets of which the centre told a second result or print order (never 4): none, unless something is very wrong.
SELECT packet_id FROM told WHERE kind IN ('result', 'print_order')
GROUP BY packet_id, kind HAVING count(*) > 1 ORDER BY packet_id

-- name: print_order
-- The order of a packet, its number there, and where the packet stands.
SELECT o.packet_id, o.order_number, o.parcel, o.received_at, coalesce(s.status, ''), coalesce(s.number, '')
FROM print_order o LEFT JOIN packet_status s USING (packet_id) WHERE o.packet_id = %(packet_id)s

-- name: lock_order
-- One print of an order at a time; where its packet stands, read under the lock.
SELECT coalesce(s.status, '') FROM print_order o LEFT JOIN packet_status s USING (packet_id)
WHERE o.packet_id = %(packet_id)s FOR UPDATE OF o

-- name: copies
-- The sheets printed for one order, newest last.
SELECT copy, blank, issued_on, printed_by, reason, printed_at FROM card WHERE packet_id = %(packet_id)s ORDER BY copy

-- name: put_card
-- A sheet was printed.
INSERT INTO card (packet_id, copy, blank, issued_on, printed_by, reason)
VALUES (%(packet_id)s, %(copy)s, %(blank)s, %(issued_on)s, %(by)s, %(reason)s)
RETURNING copy, blank, issued_on, printed_by, reason, printed_at

-- name: cards_to_print
-- Orders without a card whose packet may still be printed, oldest first.
SELECT o.packet_id, o.order_number, s.number, o.received_at, o.summary
FROM print_order o JOIN packet_status s USING (packet_id)
WHERE s.status IN ('PRINT_READY_RECORD', 'SENT_FOR_CARD_PRINTING')
  AND NOT EXISTS (SELECT 1 FROM card c WHERE c.packet_id = o.packet_id)
  AND NOT EXISTS (SELECT 1 FROM exchange.withheld w WHERE w.packet_id = o.packet_id AND w.verdict IN ('', 'rejected'))
  AND NOT EXISTS (SELECT 1 FROM exchange.verdict_ahead v WHERE v.packet_id = o.packet_id AND v.verdict = 'rejected')
ORDER BY o.order_number LIMIT %(limit)s

-- name: cards_printed
-- The newest printed cards, each with its newest copy.
SELECT o.packet_id, o.order_number, coalesce(s.number, ''), c.printed_at, o.summary, c.copy, c.printed_by
FROM print_order o JOIN card c USING (packet_id) LEFT JOIN packet_status s USING (packet_id)
WHERE c.copy = (SELECT max(copy) FROM card d WHERE d.packet_id = o.packet_id)
ORDER BY c.printed_at DESC LIMIT %(limit)s

-- name: put_blanks
-- One entry of the blank ledger; number and balance are filled in by the database.
INSERT INTO blank_ledger (kind, change, note, by_whom) VALUES (%(kind)s, %(change)s, %(note)s, %(by)s)
RETURNING entry, at, kind, change, balance, note, by_whom

-- name: blank_entries
-- The ledger, newest first.
SELECT entry, at, kind, change, balance, note, by_whom FROM blank_ledger ORDER BY entry DESC LIMIT %(limit)s

-- name: blank_account
-- Sheets received, printed, reprinted and spoiled, what is left by adding up, and what the last balance says.
SELECT coalesce(sum(change) FILTER (WHERE kind = 'received'), 0),
       -coalesce(sum(change) FILTER (WHERE kind = 'printed'), 0),
       -coalesce(sum(change) FILTER (WHERE kind = 'reprinted'), 0),
       -coalesce(sum(change) FILTER (WHERE kind = 'spoiled'), 0),
       coalesce(sum(change), 0),
       coalesce((SELECT balance FROM blank_ledger ORDER BY entry DESC LIMIT 1), 0),
       (SELECT count(*) FROM card)
FROM blank_ledger

-- name: by_status
-- How many packets stand where, and since when the oldest does. The centre's receipt comes before its feed's word.
SELECT CASE WHEN s.status = 'PROCESSING' AND o.acknowledged_at IS NOT NULL THEN 'RECEIVED_AT_CENTRAL' ELSE s.status END AS stands,
       count(*), min(s.at)
FROM packet_status s LEFT JOIN exchange.outbox o USING (packet_id) GROUP BY stands

-- name: stations
-- Each station that ever sent: packets, those not yet at the centre with the age of the oldest, the newest arrival,
-- and how many numbers are missing below the highest.
SELECT p.station, count(*), count(*) FILTER (WHERE o.acknowledged_at IS NULL),
       extract(epoch FROM now() - min(p.received_at) FILTER (WHERE o.acknowledged_at IS NULL))::float8,
       max(p.received_at), (SELECT coalesce(sum(gap), 0) FROM (
           SELECT max(sequence) - count(DISTINCT sequence) AS gap FROM exchange.packet q
           WHERE q.station = p.station GROUP BY q.epoch) AS gaps)::bigint,
       (SELECT count(*) FROM exchange.fork f WHERE f.station = p.station)
FROM exchange.packet p LEFT JOIN exchange.outbox o USING (packet_id)
GROUP BY p.station ORDER BY p.station

-- name: packets
-- Packets and where they stand, oldest first; an empty text means all.
SELECT packet_id, number, station, stands, reason, at FROM (
    SELECT s.*, CASE WHEN s.status = 'PROCESSING' AND o.acknowledged_at IS NOT NULL THEN 'RECEIVED_AT_CENTRAL'
                     ELSE s.status END AS stands
    FROM packet_status s LEFT JOIN exchange.outbox o USING (packet_id)
) AS known
WHERE (%(status)s = '' OR stands = %(status)s) AND (%(station)s = '' OR station = %(station)s)
  AND (%(number)s = '' OR number = %(number)s)
ORDER BY at, number LIMIT %(limit)s

-- name: history
-- What the centre told of one packet, in its order.
SELECT entry, kind, coalesce(status, ''), reason, at FROM told WHERE packet_id = %(packet_id)s ORDER BY entry

-- name: packet
-- One packet and where it stands.
SELECT s.packet_id, s.number, s.station,
       CASE WHEN s.status = 'PROCESSING' AND o.acknowledged_at IS NOT NULL THEN 'RECEIVED_AT_CENTRAL' ELSE s.status END,
       s.reason, s.at, p.received_at, p.size, o.acknowledged_at
FROM packet_status s LEFT JOIN exchange.packet p USING (packet_id) LEFT JOIN exchange.outbox o USING (packet_id)
WHERE s.packet_id = %(packet_id)s

-- name: state
-- The figures of the overview: packets in custody, accepted by the centre, orders, cards.
SELECT (SELECT count(*) FROM exchange.packet), (SELECT count(*) FROM exchange.outbox WHERE acknowledged_at IS NOT NULL),
       (SELECT count(*) FROM print_order), (SELECT count(*) FROM card WHERE copy = 1),
       coalesce((SELECT balance FROM blank_ledger ORDER BY entry DESC LIMIT 1), 0)

-- name: anchor
-- The centre time kept at the last batch.
SELECT centre_ms, boot_id, monotonic_ns, wall_ms FROM legal_anchor

-- name: keep_anchor
-- The newest centre time.
INSERT INTO legal_anchor (centre_ms, boot_id, monotonic_ns, wall_ms)
VALUES (%(centre_ms)s, %(boot_id)s, %(monotonic_ns)s, %(wall_ms)s)
ON CONFLICT (one) DO UPDATE SET centre_ms = excluded.centre_ms, boot_id = excluded.boot_id,
    monotonic_ns = excluded.monotonic_ns, wall_ms = excluded.wall_ms

-- name: alarm_answers
-- What was done about each alarm of the public log.
SELECT number, by_whom, note, at FROM log_alarm_answer

-- name: answer_alarm
-- Once for each alarm.
INSERT INTO log_alarm_answer (number, by_whom, note) SELECT number, %(by)s, %(note)s
FROM exchange.witness_alarm WHERE number = %(number)s ON CONFLICT DO NOTHING

-- name: open_alarms
-- Alarms of the public log that nobody answered yet.
SELECT count(*) FROM exchange.witness_alarm a
WHERE NOT EXISTS (SELECT 1 FROM log_alarm_answer w WHERE w.number = a.number)

-- name: ledger
-- Every packet of a chain with all that its account says of it.
SELECT p.sequence, p.packet_id, encode(p.previous, 'hex'),
       CASE WHEN o.packet_id IS NULL THEN 'nowhere' WHEN g.packet_id IS NOT NULL THEN 'purged'
            WHEN o.receipt IS NOT NULL THEN 'accepted' WHEN o.code IS NOT NULL THEN 'set aside' ELSE 'waiting' END,
       coalesce(s.status, '')
FROM exchange.packet p LEFT JOIN exchange.outbox o USING (packet_id) LEFT JOIN exchange.purge g USING (packet_id)
LEFT JOIN packet_status s USING (packet_id)
WHERE (p.station, p.epoch) = (%(station)s, %(epoch)s)

-- name: newest_acceptances
-- The newest acceptance receipt of each chain.
SELECT DISTINCT ON (p.station, p.epoch) p.station, p.epoch, o.receipt
FROM exchange.packet p JOIN exchange.outbox o USING (packet_id) WHERE o.receipt IS NOT NULL
ORDER BY p.station, p.epoch, o.acknowledged_at DESC

-- name: batches_after
-- What the centre signed of this office's feed after entry n, oldest first.
SELECT data FROM exchange.feed_batch WHERE feed = %(feed)s AND last > %(n)s ORDER BY last

-- name: accepted_newest_first
-- The centre's receipts with the certificates of the packets' stations.
SELECT packet_id, outbox.receipt, chain FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE outbox.receipt IS NOT NULL ORDER BY acknowledged_at DESC, queued DESC

-- name: chain_of
-- The certificates of the station that sealed one packet in custody.
SELECT chain FROM exchange.packet WHERE packet_id = %(packet_id)s

-- name: printed_packets
-- Orders with a card.
SELECT DISTINCT packet_id FROM card

-- name: accepted_and_missing
-- Packets that the centre says it accepted and that are not in custody here.
SELECT s.number FROM packet_status s
WHERE NOT EXISTS (SELECT 1 FROM exchange.packet p WHERE p.packet_id = s.packet_id) ORDER BY s.number

-- name: card_orders
-- Every print order with the packet's number (none where nobody told of its packet: then the account does not add up)
-- and what became of it; fresh: it came within ten minutes.
SELECT s.number,
       CASE WHEN EXISTS (SELECT 1 FROM card c WHERE c.packet_id = o.packet_id) THEN 'printed'
            WHEN w.verdict = 'rejected' OR v.verdict = 'rejected' THEN 'withdrawn'
            WHEN w.verdict = '' THEN 'held'
            WHEN s.status IN ('PRINT_READY_RECORD', 'SENT_FOR_CARD_PRINTING') THEN 'waiting' ELSE 'withdrawn' END,
       extract(epoch FROM now() - received_at) < 600
FROM print_order o LEFT JOIN packet_status s USING (packet_id) LEFT JOIN exchange.withheld w USING (packet_id)
LEFT JOIN exchange.verdict_ahead v USING (packet_id)
WHERE starts_with(coalesce(s.station, %(scope)s), %(scope)s)

-- name: card_sheets
-- Every printed sheet: its line of the blank ledger, and whether it was printed within ten minutes.
SELECT blank, extract(epoch FROM now() - printed_at) < 600 FROM card

-- name: cards_unsaid
-- What the centre has not confirmed of one kind.
SELECT data FROM exchange.statement_outbox WHERE kind = %(kind)s AND receipt IS NULL

-- name: card_totals
-- Cards, and sheets that replaced one; blanks received, spoilt unprinted, in stock after the last line; the lines.
SELECT (SELECT count(*) FROM card WHERE copy = 1), (SELECT count(*) FROM card WHERE copy > 1),
       coalesce(sum(change) FILTER (WHERE kind = 'received'), 0),
       -coalesce(sum(change) FILTER (WHERE kind = 'spoiled'), 0),
       coalesce((SELECT balance FROM blank_ledger ORDER BY entry DESC LIMIT 1), 0),
       count(*)
FROM blank_ledger
