-- name: newest
-- The largest checkpoint kept.
SELECT note FROM exchange.witness_checkpoint ORDER BY size DESC LIMIT 1

-- name: newest_up_to
-- The largest checkpoint kept that has no more than this many entries.
SELECT note FROM exchange.witness_checkpoint WHERE size <= %(size)s ORDER BY size DESC LIMIT 1

-- name: keep
-- One more, larger than all before.
INSERT INTO exchange.witness_checkpoint (size, note) VALUES (%(size)s, %(note)s)

-- name: cosigned
-- The newest with this place's cosignature.
SELECT note FROM exchange.witness_cosignature ORDER BY size DESC LIMIT 1

-- name: keep_cosigned
-- The cosignature of a kept checkpoint.
INSERT INTO exchange.witness_cosignature (size, note)
SELECT size, %(note)s FROM exchange.witness_checkpoint WHERE size = %(size)s AND starts_with(note, %(text)s)
RETURNING size

-- name: delivered
-- The size of the newest cosignature that the log took.
SELECT coalesce(max(size), -1) FROM exchange.witness_delivery

-- name: note_delivered
-- The log took this one.
INSERT INTO exchange.witness_delivery (size) VALUES (%(size)s) ON CONFLICT DO NOTHING

-- name: raise_alarm
-- Evidence, once for each kept checkpoint and kind of breach.
INSERT INTO exchange.witness_alarm (breach, kept_size, evidence) VALUES (%(breach)s, %(kept_size)s, %(evidence)s)
ON CONFLICT (breach, kept_size) DO NOTHING RETURNING number

-- name: alarms
-- Every alarm, newest first.
SELECT number, breach, kept_size, evidence, raised_at FROM exchange.witness_alarm ORDER BY number DESC

-- name: uncompared
-- Acceptances not compared yet, oldest first.
SELECT o.packet_id, o.receipt FROM exchange.outbox o
WHERE o.receipt IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM exchange.witness_receipt w WHERE w.packet_id = o.packet_id)
ORDER BY o.acknowledged_at, o.queued LIMIT %(limit)s

-- name: note_compared
-- For good.
INSERT INTO exchange.witness_receipt (packet_id, agrees) VALUES (%(packet_id)s, %(agrees)s) ON CONFLICT DO NOTHING

-- name: state
-- Checkpoints kept with the newest's size and time, the size cosigned and delivered, receipts that agree, that deny,
-- that wait.
SELECT (SELECT count(*) FROM exchange.witness_checkpoint),
       (SELECT max(size) FROM exchange.witness_checkpoint),
       (SELECT max(kept_at) FROM exchange.witness_checkpoint),
       (SELECT max(size) FROM exchange.witness_cosignature),
       (SELECT max(size) FROM exchange.witness_delivery),
       (SELECT count(*) FROM exchange.witness_receipt WHERE agrees),
       (SELECT count(*) FROM exchange.witness_receipt WHERE NOT agrees),
       (SELECT count(*) FROM exchange.outbox o WHERE o.receipt IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM exchange.witness_receipt w WHERE w.packet_id = o.packet_id))
