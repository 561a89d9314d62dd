"""The station's JSON API under `/api`: the same facade as its pages, for the drill and the command line."""
