-- name: open_case
-- Intake's row for a packet that was just received.
INSERT INTO enrolment_case (packet_id, number, station, office) VALUES (%(packet_id)s, %(number)s, %(station)s, %(office)s);

-- name: station_chain
-- The certificates of the station that sealed the packet, as they came with it.
SELECT chain FROM exchange.packet WHERE packet_id = %(packet_id)s;

-- name: acceptance
-- The receipt that was just written for a packet, and the database's time.
SELECT receipt, now() FROM exchange.packet WHERE packet_id = %(packet_id)s;

-- name: enter_first_stage
-- From here on the packet always has a stage, a lease or a human queue (never 20).
INSERT INTO packet_stage (packet_id, stage) VALUES (%(packet_id)s, %(stage)s);

-- name: claim
-- The oldest case that is ready, leased on the database's clock under a new fencing token.
UPDATE packet_stage SET lease_until = now() + make_interval(secs => %(lease_s)s), token = nextval('fencing_token'), attempts = attempts + 1
WHERE packet_id = (
    SELECT packet_id FROM packet_stage
    WHERE queue IS NULL AND lease_until IS NULL AND ready_at <= now()
      AND NOT stage = ANY(%(but)s)
    ORDER BY attempts > 0, entered_at, packet_id
    FOR UPDATE SKIP LOCKED LIMIT 1
)
RETURNING packet_id, stage, token, attempts;

-- name: case_facts
-- What a worker needs to know of the case it claimed.
SELECT packet_id, number, station, office, nik_hash, operator FROM enrolment_case WHERE packet_id = %(packet_id)s;

-- name: hold
-- Locks the row while the worker's token is still the newest; no row means the worker is stale (never 12).
SELECT stage FROM packet_stage WHERE packet_id = %(packet_id)s AND token = %(token)s FOR UPDATE;

-- name: renew
-- A long stage keeps its lease; a worker whose token is no longer the newest keeps nothing.
UPDATE packet_stage SET lease_until = now() + make_interval(secs => %(lease_s)s)
WHERE packet_id = %(packet_id)s AND token = %(token)s;

-- name: advance
-- On to the next stage, free for any worker.
UPDATE packet_stage SET stage = %(stage)s, entered_at = now(), ready_at = now(), lease_until = NULL, token = NULL, attempts = 0, last_error = NULL
WHERE packet_id = %(packet_id)s;

-- name: park
-- Into a human queue; the same stage runs again when somebody releases it.
UPDATE packet_stage SET queue = %(queue)s, lease_until = NULL, token = NULL, attempts = 0, last_error = %(reason)s
WHERE packet_id = %(packet_id)s;

-- name: release
-- A human has acted: back to the workers. `stage` stays unless another is named.
UPDATE packet_stage SET queue = NULL, stage = coalesce(%(stage)s, stage), entered_at = now(), ready_at = now(), lease_until = NULL, token = NULL, attempts = 0, last_error = NULL
WHERE packet_id = %(packet_id)s AND queue = %(queue)s;

-- name: retry_later
-- A technical failure: again after a growing pause.
UPDATE packet_stage SET lease_until = NULL, token = NULL, last_error = %(reason)s, ready_at = now() + make_interval(secs => %(pause_s)s)
WHERE packet_id = %(packet_id)s;

-- name: leave
-- The journey through the stages has ended.
DELETE FROM packet_stage WHERE packet_id = %(packet_id)s;

-- name: reap
-- Leases that ran out, on the database's clock: their workers are dead or stale. Who commits just now is left alone.
SELECT packet_id, stage, token, attempts FROM packet_stage WHERE lease_until < now() FOR UPDATE SKIP LOCKED;

-- name: free
-- Nobody's any more: whoever comes next may claim it.
UPDATE packet_stage SET lease_until = NULL, token = NULL WHERE packet_id = %(packet_id)s;

-- name: give_back
-- A worker cannot run this stage; the attempt does not count.
UPDATE packet_stage SET lease_until = NULL, token = NULL, attempts = attempts - 1
WHERE packet_id = %(packet_id)s AND token = %(token)s;

-- name: record_history
-- One line for each transition, unique by token.
INSERT INTO stage_history (packet_id, stage, token, verdict, detail) VALUES (%(packet_id)s, %(stage)s, %(token)s, %(verdict)s, %(detail)s);

-- name: set_case
-- The case's state and the status that everybody is told.
UPDATE enrolment_case SET state = %(state)s, status = %(status)s,
    settled_at = CASE WHEN %(state)s IN ('done', 'rejected') THEN now() END
WHERE packet_id = %(packet_id)s;

-- name: case_status
-- The status told last, and the case's state.
SELECT status, state FROM enrolment_case WHERE packet_id = %(packet_id)s;

-- name: announced
-- What a feed entry says of a case, and the database's time.
SELECT number, office, portal_key, check_hash, now() FROM enrolment_case WHERE packet_id = %(packet_id)s;

-- name: note_case
-- What only the open packet tells.
UPDATE enrolment_case SET nik_hash = %(nik_hash)s, portal_key = %(portal_key)s, check_hash = %(check_hash)s, nik_shard = %(nik_shard)s, operator = %(operator)s WHERE packet_id = %(packet_id)s;

-- name: keep_working_copy
-- A part of the working copy; running a stage again replaces it.
INSERT INTO working_copy (packet_id, name, blob) VALUES (%(packet_id)s, %(name)s, %(blob)s)
ON CONFLICT (packet_id, name) DO UPDATE SET blob = excluded.blob;

-- name: working_copy
-- Where one part of a working copy lies.
SELECT blob FROM working_copy WHERE packet_id = %(packet_id)s AND name = %(name)s;

-- name: register_entry
-- The sealed register extract of one NIK.
SELECT sealed FROM register_entry WHERE nik_hash = %(nik_hash)s;

-- name: put_register_entry
-- The newest extract of one NIK.
INSERT INTO register_entry (nik_hash, sealed) VALUES (%(nik_hash)s, %(sealed)s)
ON CONFLICT (nik_hash) DO UPDATE SET sealed = excluded.sealed;

-- name: put_correction
-- What an office signed of a NIK, as a recording brought it; heard again it is the same row.
INSERT INTO correction (nik_hash, office, version, digest, packet_id, sealed)
VALUES (%(nik_hash)s, %(office)s, %(version)s, %(digest)s, %(packet_id)s, %(sealed)s) ON CONFLICT DO NOTHING;

-- name: other_correction
-- Whether the same office signed something else of that NIK in this version, or anything in a later one.
SELECT 1 FROM correction
WHERE nik_hash = %(nik_hash)s AND office = %(office)s AND version >= %(version)s AND digest <> %(digest)s LIMIT 1;

-- name: answer_validation
-- The office's answer to a validation request, the newest one counts.
INSERT INTO validation (packet_id, answer, note, staff) VALUES (%(packet_id)s, %(answer)s, %(note)s, %(staff)s);

-- name: validation
-- What the office answered, if it has.
SELECT answer, note FROM validation WHERE packet_id = %(packet_id)s ORDER BY id DESC LIMIT 1;

-- name: gallery_since
-- Entries that a worker's gallery has not loaded yet, with templates made anew for its edition where there are any.
SELECT e.position, e.gallery_id, e.packet_id, e.nik_hash, COALESCE(t.blob, e.blob) FROM gallery_entry e
LEFT JOIN gallery_template t ON t.gallery_id = e.gallery_id AND t.edition = %(edition)s
WHERE e.position > %(position)s ORDER BY e.position;

-- name: gallery_editions
-- Every entry: its packet, its first templates, and those of one edition where they were made.
SELECT e.gallery_id, e.packet_id, c.number, e.blob, t.blob FROM gallery_entry e JOIN enrolment_case c USING (packet_id)
LEFT JOIN gallery_template t ON t.gallery_id = e.gallery_id AND t.edition = %(edition)s ORDER BY e.position;

-- name: keep_gallery_templates
-- Templates of one more edition; who made them first stays.
INSERT INTO gallery_template (gallery_id, edition, blob) VALUES (%(gallery_id)s, %(edition)s, %(blob)s) ON CONFLICT DO NOTHING;

-- name: add_to_gallery
-- A packet enters the gallery once, even when its stage runs again; only this row ties the opaque id to it.
INSERT INTO gallery_entry (gallery_id, packet_id, nik_hash, blob) VALUES (%(gallery_id)s, %(packet_id)s, %(nik_hash)s, %(blob)s)
ON CONFLICT (packet_id) DO NOTHING;

-- name: in_gallery
-- The gallery id of a packet that is in already.
SELECT gallery_id FROM gallery_entry WHERE packet_id = %(packet_id)s;

-- name: packet_of_gallery_id
-- From the opaque id back to the packet and its NIK hash.
SELECT packet_id, nik_hash FROM gallery_entry WHERE gallery_id = %(gallery_id)s;

-- name: earlier_of_nik
-- Gallery entries of the same NIK, oldest first: none of them is another NIK's.
SELECT gallery_id, packet_id FROM gallery_entry WHERE nik_hash = %(nik_hash)s AND packet_id <> %(packet_id)s ORDER BY position;

-- name: standing_of_nik
-- Those of the same NIK that stand: unique, or the same person as before. What was judged to be somebody else does not.
SELECT g.gallery_id, g.packet_id FROM gallery_entry g JOIN result r USING (packet_id)
WHERE g.nik_hash = %(nik_hash)s AND g.packet_id <> %(packet_id)s AND r.status = 'PRINT_READY_RECORD' ORDER BY g.position;

-- name: open_of_nik
-- Those of the same NIK on which nobody has decided yet.
SELECT g.gallery_id, g.packet_id FROM gallery_entry g LEFT JOIN result r USING (packet_id)
WHERE g.nik_hash = %(nik_hash)s AND g.packet_id <> %(packet_id)s AND r.packet_id IS NULL ORDER BY g.position;

-- name: doubles_of_nik
-- Recordings under other NIKs that were judged to be this NIK's person: no news, should that person come again.
SELECT g.gallery_id, g.packet_id FROM gallery_entry g JOIN result r USING (packet_id)
JOIN enrolment_case c ON c.packet_id = r.candidate
WHERE c.nik_hash = %(nik_hash)s AND g.nik_hash <> %(nik_hash)s AND r.status = 'DUPLICATE_RECORD' ORDER BY g.position;

-- name: record_verdict
-- What the machine said, before any expert.
INSERT INTO uniqueness_verdict (packet_id, verdict, kind, candidate, llr) VALUES (%(packet_id)s, %(verdict)s, %(kind)s, %(candidate)s, %(llr)s)
ON CONFLICT (packet_id) DO UPDATE SET verdict = excluded.verdict, kind = excluded.kind, candidate = excluded.candidate, llr = excluded.llr, at = now();

-- name: uniqueness_verdict
-- The machine's word, and the experts' where they were asked.
SELECT v.verdict, v.kind, v.candidate, v.llr, a.outcome, c.number
FROM uniqueness_verdict v LEFT JOIN adjudication a USING (packet_id) LEFT JOIN enrolment_case c ON c.packet_id = v.candidate
WHERE v.packet_id = %(packet_id)s;

-- name: open_adjudication
-- Two experts are asked.
INSERT INTO adjudication (packet_id, candidate, kind, llr) VALUES (%(packet_id)s, %(candidate)s, %(kind)s, %(llr)s)
ON CONFLICT (packet_id) DO NOTHING;

-- name: vote
-- One expert's decision; the database refuses a second one and the recording operator's.
INSERT INTO adjudication_vote (packet_id, expert, decision, note) VALUES (%(packet_id)s, %(expert)s, %(decision)s, %(note)s);

-- name: votes
-- How the experts decided so far.
SELECT decision, count(*) FROM adjudication_vote WHERE packet_id = %(packet_id)s GROUP BY decision;

-- name: close_adjudication
-- Two experts agree.
UPDATE adjudication SET outcome = %(outcome)s, closed_at = now() WHERE packet_id = %(packet_id)s AND outcome IS NULL;

-- name: adjudication
-- One adjudication, and whether it is closed, whether this expert recorded either resident, or has decided already.
SELECT a.packet_id, p.number, a.candidate, c.number, a.kind, a.llr, a.opened_at, a.outcome IS NOT NULL,
       coalesce(%(expert)s IN (p.operator, c.operator), false),
       EXISTS (SELECT 1 FROM adjudication_vote v WHERE v.packet_id = a.packet_id AND v.expert = %(expert)s)
FROM adjudication a JOIN enrolment_case p USING (packet_id) JOIN enrolment_case c ON c.packet_id = a.candidate
WHERE a.packet_id = %(packet_id)s;

-- name: open_adjudications
-- The experts' work list, oldest first; who may not decide, and who has decided, is left out.
SELECT a.packet_id, p.number, c.number, a.kind, a.llr, a.opened_at,
       (SELECT count(*) FROM adjudication_vote v WHERE v.packet_id = a.packet_id)
FROM adjudication a JOIN enrolment_case p USING (packet_id) JOIN enrolment_case c ON c.packet_id = a.candidate
WHERE a.outcome IS NULL AND p.operator IS DISTINCT FROM %(expert)s AND c.operator IS DISTINCT FROM %(expert)s
  AND NOT EXISTS (SELECT 1 FROM adjudication_vote v WHERE v.packet_id = a.packet_id AND v.expert = %(expert)s)
ORDER BY a.opened_at, a.packet_id;

-- name: record_result
-- The result, once and for ever (never 4).
INSERT INTO result (packet_id, status, reason, candidate) VALUES (%(packet_id)s, %(status)s, %(reason)s, %(candidate)s)
RETURNING decided_at;

-- name: record_print_order
-- At most one for a packet; returns its number.
INSERT INTO print_order (packet_id, office) VALUES (%(packet_id)s, %(office)s) RETURNING order_number;

-- name: make_current
-- The person's current packet; the first one makes the person.
INSERT INTO person (person_id, nik_hash, current_packet) VALUES (gen_random_uuid(), %(nik_hash)s, %(packet_id)s)
ON CONFLICT (nik_hash) DO UPDATE SET current_packet = excluded.current_packet;

-- name: counts
-- received = in stage + done + rejected + quarantined (never 10).
SELECT count(*), count(*) FILTER (WHERE state = 'in_stage'), count(*) FILTER (WHERE state = 'done'),
       count(*) FILTER (WHERE state = 'rejected'), count(*) FILTER (WHERE state = 'quarantined'),
       (SELECT count(*) FROM packet_stage WHERE queue IS NOT NULL AND queue <> 'quarantine')
FROM enrolment_case;

-- name: publish_notice
-- Numbered by the centre.
INSERT INTO notice (text_id, text_en, todo_id, todo_en, author) VALUES (%(text_id)s, %(text_en)s, %(todo_id)s, %(todo_en)s, %(author)s)
RETURNING number, published_at;

-- name: notices
-- Newest first.
SELECT number, published_at, text_id, text_en, todo_id, todo_en, author FROM notice ORDER BY number DESC LIMIT %(limit)s;

-- name: offices
-- Every office the centre serves.
SELECT office, name, chain FROM office ORDER BY office;

-- name: office
-- One office's certificate chain, for sealing parcels to it.
SELECT name, chain FROM office WHERE office = %(office)s;

-- name: put_office
-- A new office, or a new chain of a known one.
INSERT INTO office (office, name, chain) VALUES (%(office)s, %(name)s, %(chain)s)
ON CONFLICT (office) DO UPDATE SET name = excluded.name, chain = excluded.chain;

-- name: lock_adjudication
-- One expert's decision at a time; the outcome tells whether the case is still open.
SELECT outcome FROM adjudication WHERE packet_id = %(packet_id)s FOR UPDATE;

-- name: record_release
-- A person sent a waiting case back to the workers.
INSERT INTO release (packet_id, stage, staff, note)
SELECT packet_id, stage, %(staff)s, %(note)s FROM packet_stage WHERE packet_id = %(packet_id)s;

-- name: put_recorded_before
-- Somebody recorded before Rekam.
INSERT INTO recorded_before (check_hash, nik_shard) VALUES (%(check_hash)s, %(nik_shard)s) ON CONFLICT DO NOTHING;

-- name: forget_uncounted
-- A snapshot leaves out who was told to record again since the one before.
DELETE FROM filter_told t WHERE NOT EXISTS (SELECT 1 FROM counted_recording c WHERE c.check_hash = t.check_hash);

-- name: number_of
-- A packet's number.
SELECT number FROM enrolment_case WHERE packet_id = %(packet_id)s;

-- name: of_case
-- A case's number and office, and the database's time.
SELECT number, office, now() FROM enrolment_case WHERE packet_id = %(packet_id)s;

-- name: note_fence
-- A fence, or a person because of one, stops a case in whatever stage it is; no row when it has left the stages.
INSERT INTO stage_history (packet_id, stage, token, verdict, detail)
SELECT packet_id, stage, nextval('fencing_token'), %(verdict)s, %(reason)s
FROM packet_stage WHERE packet_id = %(packet_id)s;

-- name: same_number
-- The other packets that claim this number.
SELECT packet_id FROM enrolment_case WHERE number = %(number)s AND packet_id <> %(packet_id)s ORDER BY received_at;

-- name: is_settled
-- Whether a packet has its result.
SELECT 1 FROM result WHERE packet_id = %(packet_id)s;

-- name: tell_everybody
-- Whoever counts is told from now on.
INSERT INTO filter_told (check_hash, nik_shard) SELECT check_hash, nik_shard FROM counted_recording
ON CONFLICT DO NOTHING;

-- name: tell_fresh
-- Whoever counts and was not told yet: told from now on, and returned, 8 bytes each.
WITH fresh AS (
    INSERT INTO filter_told (check_hash, nik_shard) SELECT check_hash, nik_shard FROM counted_recording
    ON CONFLICT DO NOTHING RETURNING check_hash
)
SELECT coalesce(string_agg(substring(check_hash FOR 8), ''::bytea), ''::bytea) FROM fresh;

-- name: told_shards
-- How many are told of each regency.
SELECT nik_shard, count(*) FROM filter_told GROUP BY nik_shard ORDER BY nik_shard;

-- name: told_of_shard
-- Everybody told of one regency, 8 bytes each.
SELECT string_agg(substring(check_hash FOR 8), ''::bytea) FROM filter_told WHERE nik_shard = %(nik_shard)s;

-- name: legal_day
-- Today in the capital (WIB), on the database's clock.
SELECT (now() AT TIME ZONE INTERVAL '7 hours')::date;

-- name: record_publication
-- A snapshot (delta 0) or a delta of the offline check.
INSERT INTO filter_publication (edition, delta, people, as_of) VALUES (%(edition)s, %(delta)s, %(people)s, %(as_of)s);

-- name: newest_publication
-- The edition in force and its newest delta; `due` when nothing was published since the capital's midnight.
SELECT edition, delta, as_of,
       (published_at AT TIME ZONE INTERVAL '7 hours')::date < (now() AT TIME ZONE INTERVAL '7 hours')::date
FROM filter_publication ORDER BY edition DESC, delta DESC LIMIT 1;

-- name: is_ordered_from
-- Whether this centre ordered the card of a packet from this office.
SELECT 1 FROM print_order WHERE packet_id = %(packet_id)s AND office = %(office)s;

-- name: note_card
-- A sheet that an office printed; the first word about a copy stands.
INSERT INTO card_printed (packet_id, copy, office, blank, issued_on, printed_at)
VALUES (%(packet_id)s, %(copy)s, %(office)s, %(blank)s, %(issued_on)s, %(at)s) ON CONFLICT DO NOTHING;

-- name: cards_of
-- The sheets of one packet's card, the newest last.
SELECT copy, office, blank, issued_on, printed_at FROM card_printed WHERE packet_id = %(packet_id)s ORDER BY copy;
