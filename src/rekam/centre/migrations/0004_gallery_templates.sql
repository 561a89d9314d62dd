-- Templates made anew for a gallery entry, one row for each generation of extractors; the entry's own blob stays.
CREATE TABLE gallery_template (
    gallery_id     uuid NOT NULL REFERENCES gallery_entry,
    edition        text NOT NULL,
    blob           text NOT NULL,
    made_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (gallery_id, edition)
);
CREATE TRIGGER gallery_template_is_final BEFORE UPDATE OR DELETE ON gallery_template FOR EACH ROW EXECUTE FUNCTION refuse_change();
