-- name: stage_board
-- How many cases are where, how many of them a worker holds, and since when the oldest one is there.
SELECT stage, coalesce(queue, ''), count(*), count(lease_until), min(entered_at) FROM packet_stage GROUP BY stage, queue;

-- name: outcomes
-- How many cases have ended with which status.
SELECT status, count(*) FROM enrolment_case WHERE state IN ('done', 'rejected') GROUP BY status ORDER BY count(*) DESC, status;

-- name: cases
-- The case list: who still waits first, the oldest at the top; then what is settled, the newest at the top.
-- An empty text means all.
SELECT c.packet_id, c.number, c.office, c.state, c.status, c.received_at, coalesce(s.stage, ''), coalesce(s.queue, ''), s.entered_at, c.settled_at
FROM enrolment_case c LEFT JOIN packet_stage s USING (packet_id)
WHERE (%(state)s = '' OR c.state = %(state)s) AND (%(queue)s = '' OR s.queue = %(queue)s)
  AND (%(number)s = '' OR starts_with(c.number, %(number)s))
ORDER BY c.settled_at IS NOT NULL, c.settled_at DESC, c.received_at, c.packet_id LIMIT %(limit)s;

-- name: case_page
-- One case with where it stands, the machine's word, its result and its print order.
SELECT c.packet_id, c.number, c.station, c.office, c.state, c.status, c.received_at, c.settled_at,
       coalesce(s.stage, ''), coalesce(s.queue, ''), s.entered_at, coalesce(s.attempts, 0), coalesce(s.last_error, ''),
       coalesce(v.verdict, ''), coalesce(v.kind, ''), coalesce(v.candidate, ''), coalesce(k.number, ''), v.llr,
       coalesce(a.outcome, ''), coalesce(r.reason, ''), p.order_number
FROM enrolment_case c LEFT JOIN packet_stage s USING (packet_id) LEFT JOIN uniqueness_verdict v USING (packet_id)
LEFT JOIN adjudication a USING (packet_id) LEFT JOIN result r USING (packet_id) LEFT JOIN print_order p USING (packet_id)
LEFT JOIN enrolment_case k ON k.packet_id = v.candidate
WHERE c.packet_id = %(packet_id)s;

-- name: history
-- What the stages said of one case, and who sent it on when it waited for a human.
SELECT at, stage, verdict, detail, '' FROM stage_history WHERE packet_id = %(packet_id)s
UNION ALL
SELECT at, stage, 'RELEASE', note, staff FROM release WHERE packet_id = %(packet_id)s
ORDER BY at;

-- name: decided_votes
-- Who decided how, once the case is closed; while it is open nobody is told what the others said.
SELECT v.expert, v.decision, v.note, v.at FROM adjudication_vote v JOIN adjudication a USING (packet_id)
WHERE v.packet_id = %(packet_id)s AND a.outcome IS NOT NULL ORDER BY v.at;

-- name: waiting_in
-- The cases in one human queue, oldest first, with the question or reason.
SELECT c.packet_id, c.number, c.office, s.stage, s.entered_at, coalesce(s.last_error, '')
FROM packet_stage s JOIN enrolment_case c USING (packet_id) WHERE s.queue = %(queue)s ORDER BY s.entered_at, c.packet_id;

-- name: oldest_in_queues
-- How many cases wait in each human queue, and since when.
SELECT queue, count(*), min(entered_at) FROM packet_stage WHERE queue IS NOT NULL GROUP BY queue;

-- name: note_viewing
-- Somebody opened a record.
INSERT INTO viewing (packet_id, staff) VALUES (%(packet_id)s, %(staff)s);

-- name: broken_chains
-- Stations whose numbers have gaps below their highest, or that gave one number to different bytes (never 6).
SELECT station, epoch, max(sequence) - count(DISTINCT sequence) AS missing, count(*) - count(DISTINCT sequence) AS forked
FROM exchange.packet GROUP BY station, epoch HAVING max(sequence) <> count(*) OR count(*) <> count(DISTINCT sequence)
ORDER BY forked DESC, missing DESC, station, epoch LIMIT 50;

-- name: longest_ready
-- How many cases are ready for a machine, and for how many seconds nobody has worked although some are.
SELECT count(*),
       CASE WHEN count(*) = 0 OR EXISTS (SELECT 1 FROM packet_stage WHERE lease_until > now()) THEN 0
            ELSE extract(epoch FROM now() - greatest(min(ready_at), (SELECT at FROM stage_history ORDER BY id DESC LIMIT 1)))
       END::float
FROM packet_stage WHERE queue IS NULL AND lease_until IS NULL AND ready_at <= now();

-- name: ledger
-- Every accepted packet of a chain with all that the account says of it. A case on its way stands in a stage, an ended
-- one in none, and each in the public log; what does not fit stands nowhere.
SELECT p.sequence, p.packet_id, encode(p.previous, 'hex'),
       CASE WHEN c.packet_id IS NULL OR l.packet_id IS NULL
              OR (c.state IN ('in_stage', 'quarantined')) <> (s.packet_id IS NOT NULL)
              OR (c.state IN ('done', 'rejected')) <> (r.packet_id IS NOT NULL) THEN 'nowhere'
            ELSE replace(c.state, '_', ' ') END
FROM exchange.packet p LEFT JOIN enrolment_case c USING (packet_id) LEFT JOIN packet_stage s USING (packet_id)
LEFT JOIN result r USING (packet_id) LEFT JOIN exchange.log_entry l USING (packet_id)
WHERE (p.station, p.epoch) = (%(station)s, %(epoch)s);

-- name: held_of_office
-- Packets of one office's stations in the order of their arrival, as they came.
SELECT arrival, packet_id, station, epoch, sequence, size, chain, receipt FROM exchange.packet
WHERE left(station, 4) = %(office)s AND arrival > %(after)s ORDER BY arrival LIMIT %(limit)s;

-- name: is_of_office
-- Whether a packet is of one of an office's stations.
SELECT 1 FROM exchange.packet WHERE packet_id = %(packet_id)s AND left(station, 4) = %(office)s;

-- name: card_orders
-- Every print order with its packet's number and what is known of it; fresh: it was ordered within ten minutes.
SELECT o.office, p.station, p.epoch, p.sequence,
       CASE WHEN EXISTS (SELECT 1 FROM card_printed c WHERE c.packet_id = o.packet_id) THEN 'printed'
            WHEN w.verdict = 'rejected' THEN 'withdrawn' WHEN w.verdict = '' THEN 'held' ELSE 'waiting' END,
       extract(epoch FROM now() - ordered_at) < 600
FROM print_order o LEFT JOIN exchange.packet p USING (packet_id) LEFT JOIN exchange.withheld w USING (packet_id)
WHERE starts_with(coalesce(p.station, o.office), %(scope)s);

-- name: card_sheets
-- Every sheet that an office told of: its line of that office's blank ledger, and which copy it is.
SELECT office, blank, copy FROM card_printed WHERE starts_with(office, %(scope)s);

-- name: card_counts
-- Of the whole country: orders, those printed, waiting, withheld until a verdict and for good; lines of blank ledgers
-- with a sheet, sheets that are cards, sheets that replaced another.
SELECT count(*), count(*) FILTER (WHERE k.state = 'printed'), count(*) FILTER (WHERE k.state = 'waiting'),
       count(*) FILTER (WHERE k.state = 'held'), count(*) FILTER (WHERE k.state = 'withdrawn'),
       (SELECT count(*) FROM (SELECT DISTINCT office, blank FROM card_printed) AS lines),
       (SELECT count(*) FROM card_printed WHERE copy = 1), (SELECT count(*) FROM card_printed WHERE copy > 1)
FROM (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM card_printed c WHERE c.packet_id = o.packet_id) THEN 'printed'
                WHEN w.verdict = 'rejected' THEN 'withdrawn' WHEN w.verdict = '' THEN 'held' ELSE 'waiting' END AS state
    FROM print_order o LEFT JOIN exchange.withheld w USING (packet_id)
) AS k;
