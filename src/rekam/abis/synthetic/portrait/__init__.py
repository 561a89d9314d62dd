"""A drawn passport picture: stylised, and plainly nobody."""
