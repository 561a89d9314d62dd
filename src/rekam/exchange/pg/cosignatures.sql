-- name: keep
-- An office's newest cosignature; a smaller one changes nothing.
INSERT INTO exchange.log_cosignature AS held (office, name, size, at_s, note, chain)
VALUES (%(office)s, %(name)s, %(size)s, %(at_s)s, %(note)s, %(chain)s)
ON CONFLICT (office) DO UPDATE SET name = excluded.name, size = excluded.size, at_s = excluded.at_s,
    note = excluded.note, chain = excluded.chain, received_at = now()
WHERE held.size < excluded.size

-- name: deny
-- What this log does not contain.
INSERT INTO exchange.log_denied (office, size, name, note) VALUES (%(office)s, %(size)s, %(name)s, %(note)s)
ON CONFLICT DO NOTHING

-- name: newest
-- Each office's, by office.
SELECT office, name, size, at_s, note, chain FROM exchange.log_cosignature ORDER BY office

-- name: newest_of
-- One office's.
SELECT office, name, size, at_s, note, chain FROM exchange.log_cosignature WHERE office = %(office)s

-- name: denied
-- Oldest first.
SELECT office, name, size, note FROM exchange.log_denied ORDER BY received_at, office, size
