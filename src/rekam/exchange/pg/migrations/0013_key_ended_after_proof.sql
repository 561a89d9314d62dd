-- What the chain proved against a fence may still wait for people because of who confirmed it: a proof is of the bytes
-- and their place, not of the person. A verdict of people stays.
CREATE OR REPLACE FUNCTION exchange.verdict_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.packet_id <> OLD.packet_id
       OR (OLD.verdict <> '' OR NEW.standing <> OLD.standing)
          AND (OLD.verdict, NEW.verdict, NEW.standing) <> ('proved', '', 'key-ended') THEN
        RAISE EXCEPTION 'a verdict stays' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.decided_at := now();
    RETURN NEW;
END
$$;
