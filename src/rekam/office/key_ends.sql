-- name: put
-- The first word on a key stands.
INSERT INTO key_end (station, key, epoch, subject, why, after, word)
VALUES (%(station)s, %(key)s, %(epoch)s, %(subject)s, %(why)s, %(after)s, %(word)s) ON CONFLICT DO NOTHING

-- name: of_key
-- After which recording a key ended.
SELECT after FROM key_end WHERE key = %(key)s ORDER BY heard LIMIT 1

-- name: left
-- Who no longer works at a station, by its own word: nobody gave them a newer key.
SELECT DISTINCT subject FROM key_end WHERE station = %(station)s AND why = 'left'
