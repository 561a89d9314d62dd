-- Until a sitting is saved, its photo can be cut out of the camera's whole picture anew (docs/adr/0042).
ALTER TABLE draft_capture ADD COLUMN place text;  -- x y width height in pixels of whole, then whole's own width and height
ALTER TABLE draft_capture ADD COLUMN whole blob;
