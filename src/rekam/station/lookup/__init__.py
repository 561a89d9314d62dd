"""Finding a resident in the station's extract by what people have at hand: numbers, names, birth dates, codes."""
