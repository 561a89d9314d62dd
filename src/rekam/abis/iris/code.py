"""The iris code: two phase bits of Gabor filters at each angle and radius, and the mask of the bits that count.

Daugman 2004, eq. 4, with filters in the dimensionless coordinates of the strip. Bit order, in the code and the mask
alike: plane by plane (real and imaginary part of the first wave at the innermost row, at the next rows, then the same
of the next wave), in each plane column by column, least significant bit of a byte first; so a head's tilt is a rotation
of each plane of 128 bits.
"""

import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.segmentation_parameters import STRIP_COLUMNS, STRIP_ROWS


def _column_filters(wave_length: float) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Spectra of the Gabor filter (without response to plain brightness) and of its envelope along the strip."""
    offset = np.arange(STRIP_COLUMNS)
    offset = np.minimum(offset, STRIP_COLUMNS - offset) * np.where(offset <= STRIP_COLUMNS // 2, 1, -1)
    envelope = np.exp(-0.5 * (offset / (p.FILTER_COLUMN_SPREAD * wave_length)) ** 2)
    wave = envelope * np.exp(2j * np.pi * offset / wave_length)
    wave -= envelope * (wave.sum() / envelope.sum())
    return np.fft.fft(wave), np.fft.fft(envelope / envelope.sum())


_WAVES, _ENVELOPES = (np.stack(spectra)[:, None] for spectra in zip(*map(_column_filters, p.FILTER_WAVES), strict=True))
_ROWS = np.exp(-0.5 * ((np.arange(STRIP_ROWS)[None] - np.array(p.FILTER_ROWS)[:, None]) / p.FILTER_ROW_SPREAD) ** 2)
_ROWS /= _ROWS.sum(axis=1, keepdims=True)


def iris_code(strip: NDArray[np.float32], visible: NDArray[np.bool_]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Code and mask, uint8 [CODE_BITS / 8] each, of a strip [STRIP_ROWS, STRIP_COLUMNS] and its visible part."""
    shown = _ROWS @ visible
    total = _ROWS @ (strip * visible)
    level = total.sum(axis=1, keepdims=True) / np.maximum(shown.sum(axis=1, keepdims=True), 1e-6)
    profile = np.where(shown > 0.15, total / np.maximum(shown, 1e-6), level) - level
    every = STRIP_COLUMNS // p.CODE_COLUMNS
    response = np.fft.ifft(np.fft.fft(profile, axis=1) * _WAVES, axis=2)[..., ::every].reshape(-1, p.CODE_COLUMNS)
    support = np.fft.ifft(np.fft.fft(shown, axis=1) * _ENVELOPES, axis=2).real[..., ::every].reshape(-1, p.CODE_COLUMNS)
    parts = np.stack([response.real, response.imag], axis=1)
    counts = np.repeat((support > p.LEAST_SUPPORT)[:, None], 2, axis=1)
    strength = np.where(counts, np.abs(parts), np.nan)
    if counts.any():
        strong = [
            [np.nanquantile(part, p.FRAGILE_SHARE) if np.isfinite(part).any() else 0.0 for part in pair]
            for pair in strength
        ]
        counts &= np.abs(parts) >= np.array(strong)[..., None]
    return _packed(parts > 0), _packed(counts)


def _packed(planes: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(planes.reshape(-1), bitorder="little")
