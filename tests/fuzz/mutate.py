"""Damaged copies of sound inputs, the same for the same number."""

import random

INTERESTING = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


def mutant(seeds: list[bytes], number: int) -> bytes:
    """The `number`th damaged input: some bytes changed, removed, doubled, or the end cut off."""
    draw = random.Random(number)
    data = bytearray(draw.choice(seeds))
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        # headers hold the fields that matter, so they are hit more often than their share
        place = draw.randrange(min(len(data), 200)) if draw.random() < 0.5 else draw.randrange(len(data))
        match draw.randrange(6):
            case 0 | 1:
                data[place] = draw.choice(INTERESTING)
            case 2:
                data[place] ^= 1 << draw.randrange(8)
            case 3:
                data[place : place + 4] = draw.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data))).to_bytes(4)
            case 4:
                del data[place : place + draw.randrange(1, 9)]
            case _:
                data[place:place] = data[place : place + draw.randrange(1, 33)]
    if draw.random() < 0.15:
        del data[draw.randrange(len(data) + 1) :]
    return bytes(data)
