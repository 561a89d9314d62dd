-- Each time this office's server was rebuilt. What it gave out after its keepsake, or its image, it cannot know; so new
-- installations of its stations are numbered from `epochs` on, and none of them has the number of a forgotten one.
CREATE TABLE rebuilt (
    n       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    epochs  integer NOT NULL CHECK (epochs > 1)
);
CREATE TRIGGER rebuilt_stays BEFORE UPDATE OR DELETE ON rebuilt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
