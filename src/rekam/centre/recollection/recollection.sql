-- name: begin
-- A restored centre begins to recollect.
INSERT INTO recollection (because) VALUES (%(because)s)
ON CONFLICT (one) DO UPDATE SET began = now(), finished = NULL, because = excluded.because

-- name: open
-- Whether it does, at this moment.
SELECT EXISTS (SELECT 1 FROM recollection WHERE finished IS NULL)

-- name: finish
-- It has everything that it will get.
UPDATE recollection SET finished = now() WHERE finished IS NULL

-- name: begin_anew
-- What an earlier recollection collected was replayed by it.
TRUNCATE recollected_batch, recollected_receipt, recollected_office

-- name: standing
-- Entries in the log, and the end of one feed.
SELECT (SELECT coalesce(max(position) + 1, 0) FROM exchange.log_entry),
       (SELECT coalesce(max(n), 0) FROM exchange.feed_entry WHERE feed = %(feed)s)

-- name: keep_batch
-- A batch that this centre once signed.
INSERT INTO recollected_batch (feed, first, last, data) VALUES (%(feed)s, %(first)s, %(last)s, %(data)s)
ON CONFLICT DO NOTHING

-- name: keep_receipt
-- A receipt that this centre once signed, with the certificates of the station where the office has them.
INSERT INTO recollected_receipt AS known (position, packet_id, size, receipt, chain)
VALUES (%(position)s, %(packet_id)s, %(size)s, %(receipt)s, %(chain)s)
ON CONFLICT (position) DO UPDATE SET chain = coalesce(known.chain, excluded.chain)
WHERE known.packet_id = excluded.packet_id
RETURNING packet_id

-- name: wanted
-- Receipts above the restored log whose packet no office has brought: the next ones after one position.
SELECT position, packet_id FROM recollected_receipt
WHERE chain IS NULL AND position > %(after)s
  AND position >= (SELECT coalesce(max(position) + 1, 0) FROM exchange.log_entry)
ORDER BY position LIMIT %(limit)s

-- name: receipt_of
-- The receipt that came for one packet.
SELECT receipt FROM recollected_receipt WHERE packet_id = %(packet_id)s

-- name: keep_chain
-- The verified certificates of a packet's station; the first ones stay.
UPDATE recollected_receipt SET chain = %(chain)s WHERE packet_id = %(packet_id)s AND chain IS NULL

-- name: keep_office
-- An office has handed back all it has.
INSERT INTO recollected_office (office) VALUES (%(office)s) ON CONFLICT DO NOTHING

-- name: receipts
-- In the order of the log.
SELECT position, packet_id, size, receipt, chain FROM recollected_receipt ORDER BY position

-- name: batches
-- In the order of each feed.
SELECT feed, data FROM recollected_batch ORDER BY feed, first, last

-- name: offices
-- The offices that have not answered yet.
SELECT office FROM office WHERE office NOT IN (SELECT office FROM recollected_office) ORDER BY office

-- name: number_entry
-- An entry that waited for its number when the backup was made gets the one under which it was told.
UPDATE exchange.feed_entry SET n = %(n)s
WHERE id = (SELECT min(id) FROM exchange.feed_entry
            WHERE feed = %(feed)s AND n IS NULL AND kind = %(kind)s AND body = %(body)s)
RETURNING id

-- name: put_entry
-- An entry as it was told.
INSERT INTO exchange.feed_entry (feed, n, kind, body) VALUES (%(feed)s, %(n)s, %(kind)s, %(body)s)

-- name: put_told
-- What an entry told of a packet; the last status counts.
INSERT INTO told_before (packet_id, kind, status, order_number)
VALUES (%(packet_id)s, %(kind)s, %(status)s, %(order)s) ON CONFLICT DO NOTHING

-- name: told
-- What was told of one packet.
SELECT kind, status FROM told_before WHERE packet_id = %(packet_id)s

-- name: any_told
-- Whether anything was.
SELECT EXISTS (SELECT 1 FROM told_before)

-- name: put_notice
-- A notice that was told keeps its number.
INSERT INTO notice (number, published_at, text_id, text_en, todo_id, todo_en, author) OVERRIDING SYSTEM VALUE
VALUES (%(number)s, %(at)s, %(text_id)s, %(text_en)s, %(todo_id)s, %(todo_en)s, 'recollected') ON CONFLICT DO NOTHING

-- name: skip_numbers
-- Numbers that were told are never given again.
SELECT setval(pg_get_serial_sequence('notice', 'number'), greatest((SELECT coalesce(max(number), 0) FROM notice), 1)),
       setval(pg_get_serial_sequence('print_order', 'order_number'),
              greatest((SELECT coalesce(max(order_number), 0) FROM print_order),
                       (SELECT coalesce(max(order_number), 0) FROM told_before), 1))
