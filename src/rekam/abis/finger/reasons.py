"""Why a print is not better, in words an operator can act on."""

from rekam.abis.finger import quality_parameters as p
from rekam.abis.finger.features import PrintFeatures
from rekam.abis.finger.template import REASONS


def reasons_of(print_: PrintFeatures, *, inverted: bool, several: bool) -> tuple[str, ...]:
    """What lowered the print's quality, out of template.REASONS and in their order.

    The most telling cause stands for its effects: a smudged print is not called wet too, nor a finger cut by the
    picture's edge partial.
    """
    soft = print_.sharpness < p.SMUDGED_SHARPNESS and print_.continuity > p.SMUDGED_CONTINUITY
    smudged = soft and print_.share < p.SPOILED_SHARE
    dry = print_.dark < p.DRY_DARK and print_.continuity < p.DRY_CONTINUITY
    wet = print_.dark > p.WET_DARK and print_.share < p.SPOILED_SHARE and not smudged
    light = print_.dark < p.LIGHT_DARK and print_.contrast < p.LIGHT_CONTRAST and not dry
    off_centre = _off_centre(print_)
    narrow = print_.breadth < p.PARTIAL_BREADTH_MM or print_.length < p.PARTIAL_LENGTH_MM
    unclear = print_.share < p.UNCLEAR_SHARE
    holds = {
        "few-minutiae": print_.minutiae < p.FEW_MINUTIAE,
        "small-area": print_.area < p.SMALL_AREA_MM2 and not unclear,
        "too-dry": dry,
        "too-wet": wet,
        "low-contrast": print_.contrast < p.LOW_CONTRAST and not smudged,
        "unclear-ridges": unclear and not (dry or wet or smudged),
        "light-pressure": light,
        "off-centre": off_centre and not several,
        "partial": narrow and not (off_centre or several),
        "smudged": smudged,
        "several-fingers": several,
        "inverted": inverted,
    }
    return tuple(reason for reason in REASONS if holds[reason])


def _off_centre(print_: PrintFeatures) -> bool:
    """Whether a print otherwise whole is cut by one side of the picture while the glass is free on the other."""
    left, right, top, bottom = (share > p.CUT_SHARE for share in print_.cut)
    free_left, free_right, free_top, free_bottom = (margin > p.FREE_MM for margin in print_.margin)
    sideways = (left and free_right) or (right and free_left)
    lengthways = (top and free_bottom) or (bottom and free_top)
    return (sideways and print_.length > p.WHOLE_LENGTH_MM) or (lengthways and print_.breadth > p.WHOLE_BREADTH_MM)
