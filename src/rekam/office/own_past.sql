-- name: note
-- The first proof of this life that the server is older than its word.
INSERT INTO own_past (life, teller, what, told, own, word)
SELECT coalesce(max(epochs), 1), %(teller)s, %(what)s, %(told)s, %(own)s, %(word)s FROM rebuilt
ON CONFLICT DO NOTHING

-- name: found
-- What was found in this life.
SELECT teller, what, told, own, at FROM own_past
WHERE life = (SELECT coalesce(max(epochs), 1) FROM rebuilt)
