-- The lives of offices' servers (docs/adr/0056): each rebuilding begins a new one, under a number that no server of that
-- office had before, also where it has forgotten the earlier ones and nobody who met them can tell it.
CREATE TABLE office_life (
    office    text NOT NULL,
    life      integer NOT NULL CHECK (life > 0 AND life % 10 = 0),
    begun_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office, life)
);
CREATE TRIGGER office_life_stays BEFORE UPDATE OR DELETE ON office_life
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
