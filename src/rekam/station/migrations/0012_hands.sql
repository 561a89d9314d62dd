-- Which operators changed a sitting, in their order (docs/adr/0039).
CREATE TABLE sitting_hand (
    hand       integer PRIMARY KEY AUTOINCREMENT,
    sitting_id text NOT NULL,
    operator   text NOT NULL,
    at         text NOT NULL,
    UNIQUE (sitting_id, operator)
) STRICT;
CREATE TRIGGER hand_stays BEFORE UPDATE ON sitting_hand BEGIN SELECT raise(ABORT, 'who took part stays noted'); END;
CREATE TRIGGER hand_is_kept BEFORE DELETE ON sitting_hand BEGIN SELECT raise(ABORT, 'who took part stays noted'); END;

-- A station set up anew takes its queue along, and doing that twice changes nothing.
DROP TRIGGER ticket_numbers_follow;
CREATE TRIGGER ticket_numbers_follow BEFORE INSERT ON ticket
WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ticket WHERE day = new.day AND prefix = new.prefix)
 AND NOT EXISTS (SELECT 1 FROM ticket WHERE day = new.day AND prefix = new.prefix AND number = new.number AND once = new.once)
BEGIN SELECT raise(ABORT, 'tickets are numbered without gaps'); END;
