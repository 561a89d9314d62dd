-- New supervisors are asked for as operators are: by a supervisor, or where none is left by an operator (docs/adr/0051).
-- What a station asked for before it was set up anew is closed with its reason.
ALTER TABLE key_request ADD COLUMN asked_as text NOT NULL DEFAULT 'supervisor'
    CHECK (asked_as IN ('operator', 'supervisor'));
ALTER TABLE key_request ALTER COLUMN asked_as DROP DEFAULT;
ALTER TABLE key_request
    DROP CONSTRAINT key_request_why_check,
    DROP CONSTRAINT key_request_closed_check,
    DROP CONSTRAINT key_request_check,
    DROP CONSTRAINT key_request_check1,
    ADD CHECK (why IN ('new', 'forgotten', 'appointed')),
    ADD CHECK (closed IN ('', 'refused', 'letters', 'replaced', 'withdrawn', 'superseded')),
    ADD CHECK ((why = 'new') = (ends = '')),
    ADD CHECK (why <> 'appointed' OR role = 'supervisor'),
    ADD CHECK (asked_as = 'supervisor' OR role = 'supervisor');
CREATE OR REPLACE FUNCTION key_request_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed <> ''
       OR (NEW.request, NEW.station, NEW.epoch, NEW.subject, NEW.name, NEW.role, NEW.why, NEW.ends, NEW.asked_by,
           NEW.asked_as, NEW.data)
          IS DISTINCT FROM
          (OLD.request, OLD.station, OLD.epoch, OLD.subject, OLD.name, OLD.role, OLD.why, OLD.ends, OLD.asked_by,
           OLD.asked_as, OLD.data)
    THEN
        RAISE EXCEPTION 'what was said about a key stays said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
