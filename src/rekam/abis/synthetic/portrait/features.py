"""Eyes, brows, nose and mouth."""

from rekam.abis.synthetic.portrait import palette
from rekam.abis.synthetic.portrait.canvas import Canvas, Mask, curve, shade
from rekam.abis.synthetic.portrait.head import EYE_LINE, MIDDLE
from rekam.abis.synthetic.portrait.looks import Looks

DARK = (30.0, 20.0, 18.0)


def draw_features(canvas: Canvas, looks: Looks, face: Mask) -> None:
    """All features of a face that looks straight ahead."""
    for side in (-1, 1):
        _socket(canvas, looks, face, side)
        _eye(canvas, looks, side)
        _brow(canvas, looks, side)
    _nose(canvas, looks, face)
    _mouth(canvas, looks, face)
    if looks.age > 0.4:
        _folds(canvas, looks, face)


def _socket(canvas: Canvas, looks: Looks, face: Mask, side: int) -> None:
    x = MIDDLE + side * looks.eye_distance
    canvas.glow((x, EYE_LINE - 5), (22, 11), shade(looks.skin, 0.55), 0.50, within=face)
    canvas.glow((MIDDLE + side * 15, EYE_LINE - 8), (5, 14), shade(looks.skin, 0.5), 0.45, within=face)
    canvas.glow((x, EYE_LINE + 17), (18, 5), shade(looks.skin, 0.72), 0.30 + 0.3 * looks.age, within=face)


def _eye(canvas: Canvas, looks: Looks, side: int) -> None:
    x, y, w, h = MIDDLE + side * looks.eye_distance, EYE_LINE, looks.eye_width, looks.eye_height
    inner, outer = (x - side * w, y + 2.5), (x + side * w, y - looks.eye_slant)
    upper = [
        inner,
        (x - side * 0.55 * w, y - 0.72 * h),
        (x + side * 0.1 * w, y - h),
        (x + side * 0.65 * w, y - 0.72 * h),
        outer,
    ]
    lower = [outer, (x + side * 0.45 * w, y + 0.55 * h), (x - side * 0.2 * w, y + 0.66 * h), inner]
    eye = canvas.cover(curve([*upper, *lower[1:-1]], closed=True))
    canvas.paint(eye, palette.EYE_WHITE)
    canvas.glow((x, y - h), (w, 3.5), (120, 104, 98), 0.6, within=eye)
    radius = 0.98 * h
    for scale, colour in ((1.0, (40.0, 25.0, 18.0)), (0.86, (78.0, 48.0, 30.0)), (0.46, (12.0, 9.0, 9.0))):
        canvas.paint(_disc(canvas, (x, y - 0.8), radius * scale), colour, within=eye)
    canvas.glow((x, y + 3), (3.5, 2), (150, 100, 66), 0.35, within=eye)
    canvas.paint(_disc(canvas, (x - 3, y - 4), 1.9), (255, 255, 255), within=eye)
    canvas.paint(canvas.line(curve(upper), 3 if looks.woman else 2, blur=0.5), DARK, strength=0.95)
    canvas.paint(canvas.line(curve(lower), 1, blur=0.6), shade(looks.skin, 0.45), strength=0.6)
    crease = [(px, py - 5.5) for px, py in upper[1:]]
    canvas.paint(canvas.line(curve(crease), 1, blur=0.8), shade(looks.skin, 0.45), strength=0.75)
    if looks.woman:
        lash = [outer, (outer[0] + side * 3.5, outer[1] - 3)]
        canvas.paint(canvas.line(curve(lash), 2, blur=0.4), DARK, strength=0.9)


def _disc(canvas: Canvas, centre: tuple[float, float], radius: float) -> Mask:
    x, y = centre
    corners = [(x + radius, y), (x, y + radius), (x - radius, y), (x, y - radius)]
    diagonal = radius * 0.7071
    ring = [corners[0], (x + diagonal, y + diagonal), corners[1], (x - diagonal, y + diagonal)]
    ring += [corners[2], (x - diagonal, y - diagonal), corners[3], (x + diagonal, y - diagonal)]
    return canvas.cover(curve(ring, closed=True))


def _brow(canvas: Canvas, looks: Looks, side: int) -> None:
    x, y, t = MIDDLE + side * looks.eye_distance, EYE_LINE - looks.brow_lift, looks.brow_thickness
    top = [(x - side * 23, y + 1), (x - side * 4, y - 4 - 0.3 * t), (x + side * 14, y - 5), (x + side * 28, y + 4)]
    bottom = [(x + side * 13, y - 5 + 0.9 * t), (x - side * 5, y - 3 + 0.9 * t), (x - side * 22, y + 1 + 1.1 * t)]
    brow = canvas.cover(curve([*top, *bottom], closed=True), blur=1.1)
    canvas.paint(brow, shade(looks.hair_colour, 0.9), strength=0.88)


def _nose(canvas: Canvas, looks: Looks, face: Mask) -> None:
    tip, w = EYE_LINE + looks.nose_length, looks.nose_width
    canvas.glow((MIDDLE - 1, EYE_LINE + 14), (4, 24), shade(looks.skin, 1.35), 0.50, within=face)
    canvas.glow((MIDDLE, tip - 9), (7, 6), shade(looks.skin, 1.4), 0.55, within=face)
    canvas.glow((MIDDLE + 0.62 * w, EYE_LINE + 28), (5, 22), shade(looks.skin, 0.66), 0.50, within=face)
    canvas.glow((MIDDLE, tip + 6), (w * 0.7, 4.5), shade(looks.skin, 0.55), 0.55, within=face)
    for side in (-1, 1):
        wing = [(side * w * 0.82, tip - 13), (side * w, tip - 4), (side * w * 0.86, tip + 3), (side * w * 0.6, tip + 2)]
        path = curve([(MIDDLE + dx, y) for dx, y in wing])
        canvas.paint(canvas.line(path, 2, blur=1.0), shade(looks.skin, 0.5), strength=0.8)
        canvas.glow((MIDDLE + side * w * 0.45, tip + 2.5), (3.6, 1.8), (52, 28, 22), 0.85, within=face)


def _mouth(canvas: Canvas, looks: Looks, face: Mask) -> None:
    y, w, lip = EYE_LINE + looks.nose_length + 31, looks.mouth_width, looks.lip
    colour = tuple(0.55 * a + 0.45 * b * 0.85 for a, b in zip(palette.LIP, looks.skin, strict=True))
    tint = (colour[0], colour[1], colour[2]) if looks.woman else shade((colour[0], colour[1], colour[2]), 0.94)
    left, right = (MIDDLE - w, y - looks.smile), (MIDDLE + w, y - looks.smile)
    seam = [left, (MIDDLE - 0.5 * w, y + 0.4), (MIDDLE, y + 1), (MIDDLE + 0.5 * w, y + 0.4), right]
    bow = [right, (MIDDLE + 0.42 * w, y - 0.75 * lip), (MIDDLE + 5, y - lip), (MIDDLE, y - 0.8 * lip)]
    bow += [(MIDDLE - 5, y - lip), (MIDDLE - 0.42 * w, y - 0.75 * lip)]
    below = [right, (MIDDLE + 0.5 * w, y + 0.95 * lip), (MIDDLE, y + 1.25 * lip), (MIDDLE - 0.5 * w, y + 0.95 * lip)]
    canvas.glow((MIDDLE, y + 2.1 * lip), (w * 0.5, 4), shade(looks.skin, 0.58), 0.45, within=face)
    canvas.paint(canvas.cover(curve([left, *below[::-1], *seam[-2:0:-1]], closed=True), blur=0.7), tint)
    canvas.paint(canvas.cover(curve([*seam, *bow[1:]], closed=True), blur=0.7), shade(tint, 0.82))
    canvas.glow((MIDDLE - 2, y + 0.75 * lip), (w * 0.35, 2), shade(tint, 1.4), 0.5, within=face)
    canvas.paint(canvas.line(curve(seam), 2, blur=0.7), (84, 34, 32), strength=0.85)
    if looks.moustache:
        lip_hair = [(MIDDLE - w, y - 5), (MIDDLE, y - lip - 9), (MIDDLE + w, y - 5), (MIDDLE, y - lip - 1)]
        canvas.paint(canvas.cover(curve(lip_hair, closed=True), blur=1.8), looks.hair_colour, strength=0.8)


def _folds(canvas: Canvas, looks: Looks, face: Mask) -> None:
    depth = 0.55 * looks.age
    tip, tone = EYE_LINE + looks.nose_length, shade(looks.skin, 0.5)
    for side in (-1, 1):
        cheek = [
            (MIDDLE + side * (looks.nose_width + 4), tip - 6),
            (MIDDLE + side * 36, tip + 14),
            (MIDDLE + side * 41, tip + 34),
        ]
        canvas.paint(canvas.line(curve(cheek), 2, blur=1.8), tone, strength=depth, within=face)
    for row in (216, 228):
        brow = [(MIDDLE - 38, row + 2.0), (MIDDLE, row - 2.0), (MIDDLE + 38, row + 2.0)]
        canvas.paint(canvas.line(curve(brow), 2, blur=1.8), tone, strength=0.5 * depth, within=face)
