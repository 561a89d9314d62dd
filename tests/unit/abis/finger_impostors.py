"""Pictures that are no fingerprint, drawn: what a careless or a cunning hand might lay on the glass."""

import cv2
import numpy as np

from rekam.abis.image import GreyImage

SHAPE = (400, 340)
Y, X = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float64)


def grey(levels, dpi=500.0):
    """Levels 0-1 of any shape, as an image."""
    return GreyImage(np.clip(255 * levels, 0, 255).astype(np.uint8), dpi)


def stripes(period, degrees=20.0, *, hard=False):
    """Parallel lines."""
    angle = np.radians(degrees)
    wave = np.cos(2 * np.pi * (X * np.cos(angle) + Y * np.sin(angle)) / period)
    return grey((wave > 0) if hard else 0.5 + 0.45 * wave)


def rings(period, *, hard=False):
    """Concentric circles."""
    wave = np.cos(2 * np.pi * np.hypot(X - 170, Y - 200) / period)
    return grey((wave > 0) if hard else 0.5 + 0.45 * wave)


def spiral(period):
    """One line wound round and round."""
    return grey(0.5 + 0.45 * np.cos(2 * np.pi * np.hypot(X - 170, Y - 200) / period + np.arctan2(Y - 200, X - 170)))


def zigzag(period):
    """Chevrons, as of a textile."""
    return grey(0.5 + 0.45 * np.cos(2 * np.pi * (Y + np.abs((X % 80) - 40)) / period / np.sqrt(2)))


def checkerboard(side):
    """Squares."""
    return grey(((X // side + Y // side) % 2) * 0.9)


def moire(period, degrees=7.0):
    """Two gratings over each other."""
    one, two = (stripes(period, turn, hard=True).pixels.astype(float) / 255 for turn in (20, 20 + degrees))
    return grey(np.minimum(one, two))


def dots(period):
    """A printer's half-tone."""
    return grey(0.5 + 0.25 * np.cos(2 * np.pi * X / period) + 0.25 * np.cos(2 * np.pi * Y / period))


def text_page(size):
    """A page of print."""
    page = np.full(SHAPE, 250, np.uint8)
    for row in range(int(size * 30), SHAPE[0], int(size * 45)):
        cv2.putText(page, "Nama Lengkap dan Alamat wajib diisi 3174", (5, row), 0, size, 20, 1, cv2.LINE_AA)
    return GreyImage(page, 500.0)


def noise(sigma, seed=5):
    """Noise smoothed over so many pixels."""
    picture = np.random.default_rng(seed).normal(size=SHAPE)
    if sigma:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    return grey(0.5 + 0.2 * picture / picture.std())


def landscape(seed=5):
    """1/f noise: the statistics of natural scenes (Field 1987)."""
    spectrum = np.fft.fft2(np.random.default_rng(seed).normal(size=SHAPE))
    radius = np.hypot(np.fft.fftfreq(SHAPE[0])[:, None], np.fft.fftfreq(SHAPE[1]))
    picture = np.fft.ifft2(spectrum / np.maximum(radius, 1e-3)).real
    return grey(0.5 + 0.2 * picture / picture.std())


def ripples(seed, period, breadth=0.03):
    """Noise whose waves are all about `period` pixels long, within a share `breadth` of them."""
    spectrum = np.fft.fft2(np.random.default_rng(seed).normal(size=SHAPE))
    radius = np.hypot(np.fft.fftfreq(SHAPE[0])[:, None], np.fft.fftfreq(SHAPE[1]))
    picture = np.fft.ifft2(spectrum * np.exp(-0.5 * ((radius * period - 1) / breadth) ** 2)).real
    return grey(0.5 + 0.2 * picture / picture.std())


def fur(seed, *, thickness=2, length=26):
    """Hairs combed along a smooth field."""
    rng = np.random.default_rng(seed)
    flow = cv2.resize(rng.normal(0, 0.6, (5, 4)), SHAPE[::-1], interpolation=cv2.INTER_CUBIC) + rng.uniform(0, np.pi)
    picture = np.full(SHAPE, 90, np.uint8)
    for _ in range(9000):
        x, y = rng.uniform(0, SHAPE[1]), rng.uniform(0, SHAPE[0])
        angle = flow[int(y), int(x)] + rng.normal(0, 0.12)
        end = (int(x + length * np.cos(angle)), int(y + length * np.sin(angle)))
        cv2.line(picture, (int(x), int(y)), end, int(rng.integers(30, 220)), thickness, cv2.LINE_AA)
    return GreyImage(picture, 500.0)


def cat(seed):
    """A photograph as of a cat: fur, light from one side, a head with ears, eyes and whiskers before a blurred room."""
    rng = np.random.default_rng(seed)
    room = cv2.GaussianBlur(landscape(seed).pixels, (0, 0), 6)
    coat = fur(seed, thickness=1, length=18).pixels
    head = np.zeros(SHAPE, np.uint8)
    cv2.ellipse(head, (170, 230), (120, 105), 0, 0, 360, 1, -1)
    for side in (-1, 1):
        cv2.fillPoly(head, [np.array([(170 + side * 40, 150), (170 + side * 110, 60), (170 + side * 115, 190)])], 1)
    picture = np.where(head, coat, room).astype(np.float64) * (0.6 + 0.4 * X / SHAPE[1])
    for side in (-1, 1):
        cv2.ellipse(picture, (170 + side * 48, 215), (24, 15), 0, 0, 360, 200, -1)
        cv2.ellipse(picture, (170 + side * 48, 215), (6, 14), 0, 0, 360, 10, -1)
        for whisker in range(4):
            far = (170 + side * 150, 260 + 14 * whisker)
            cv2.line(picture, (170 + side * 20, 275 + 3 * whisker), far, 235, 1, cv2.LINE_AA)
    return grey((picture + rng.normal(0, 4, SHAPE)) / 255)
