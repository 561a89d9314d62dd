-- name: generation
-- The newest generation of this database.
SELECT number, branch, (extract(epoch FROM at) * 1000)::bigint FROM centre_generation ORDER BY number DESC LIMIT 1

-- name: begin_generation
-- The next generation; its number must follow.
INSERT INTO centre_generation (number, branch, how, because) VALUES (%(number)s, %(branch)s, %(how)s, %(because)s)

-- name: pairing
-- How it stands with the twin.
SELECT mode, url, missed, since FROM centre_twin

-- name: standing
-- How it stands with the twin and with what a restored centre recollects, how far this database's log is durable here and how far there, and whether it follows.
SELECT (SELECT mode FROM centre_twin), pg_current_wal_flush_lsn() - '0/0',
       (SELECT max(flush_lsn) - '0/0' FROM pg_stat_replication
        WHERE application_name = 'rekam_twin' AND state = 'streaming'),
       EXISTS (SELECT 1 FROM recollection WHERE finished IS NULL)

-- name: admit
-- A twin begins, or begins anew.
INSERT INTO centre_twin (url, mode) VALUES (%(url)s, 'catching_up')
ON CONFLICT (one) DO UPDATE SET url = excluded.url,
    mode = CASE WHEN centre_twin.mode IN ('paired', 'rejoining') AND NOT %(kept)s THEN 'rejoining'
                WHEN centre_twin.mode = 'alone' THEN 'catching_up' ELSE centre_twin.mode END,
    since = CASE WHEN centre_twin.mode = 'paired' AND %(kept)s THEN centre_twin.since ELSE now() END

-- name: note_missed
-- A file did not reach the twin while it was catching up; no row where that is not how it stands any more.
UPDATE centre_twin SET missed = missed + 1 WHERE mode IN ('catching_up', 'rejoining') RETURNING mode

-- name: become_paired
-- Everything is there: unless a file was missed since the look round began.
UPDATE centre_twin SET mode = 'paired', since = now() 
WHERE mode IN ('catching_up', 'rejoining') AND missed = %(missed)s RETURNING mode

-- name: go_alone
-- An official decided to go on without the twin.
UPDATE centre_twin SET mode = 'alone', since = now() WHERE mode <> 'alone' RETURNING mode

-- name: come_back
-- The twin is there again.
UPDATE centre_twin SET mode = 'catching_up', since = now() WHERE mode = 'alone' RETURNING mode

-- name: part
-- There is no twin any more: at a twin that takes over, or where an official gives it up.
DELETE FROM centre_twin

-- name: decide
-- Who decided what about the twin.
INSERT INTO twin_decision (decision, by_whom, because) VALUES (%(decision)s, %(by)s, %(because)s)

-- name: packets
-- Every packet that was ever recorded, with the bytes it has, newest first.
SELECT packet_id, station, epoch, sequence, size FROM exchange.packet ORDER BY arrival DESC

-- name: packets_count
-- How many there are, how many entries the public log has and where it ends, how many acceptances the feeds tell.
SELECT (SELECT count(*) FROM exchange.packet), (SELECT count(*) FROM exchange.log_entry),
       (SELECT coalesce(max(position) + 1, 0) FROM exchange.log_entry),
       (SELECT count(*) FROM exchange.feed_entry WHERE kind = 'accepted')

-- name: feed_gaps
-- Feeds whose numbers do not go from 1 to their end without a gap: none.
SELECT feed FROM exchange.feed_entry WHERE n IS NOT NULL GROUP BY feed HAVING max(n) <> count(n)

-- name: vault_blobs
-- Every file of the vault that a row names.
SELECT blob FROM working_copy UNION SELECT blob FROM gallery_entry UNION SELECT blob FROM gallery_template
