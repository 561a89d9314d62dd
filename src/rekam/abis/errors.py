"""What can go wrong in the engine. Each docstring is the sentence the operator reads."""

from rekam.enrolment.errors import RekamError


class AbisError(RekamError):
    """The biometric engine could not do this. Nothing was lost. Try again, then call the technician."""


class EmptyImage(AbisError):
    """The image file is empty (zero bytes). Nothing was recorded from it. Capture the sample again."""


class UnreadableImage(AbisError):
    """The image cannot be read as PNG, JPEG, JPEG 2000, WSQ, BMP or TIFF ({reason}). Nothing was recorded from it.
    Capture again.
    """


class TruncatedImage(UnreadableImage):
    """The image file breaks off before its end ({reason}). Nothing was recorded from it. Capture or copy it again."""


class ImageTooLarge(AbisError):
    """The image has {megapixels} megapixels, more than the {limit} a sample may have. It was refused before
    it was opened; nothing else is affected. Capture at the scanner's usual size.
    """


class ImageTooSmall(AbisError):
    """The image is {width} x {height} pixels, too small for this sample. Nothing was recorded from it.
    Capture at the scanner's usual size.
    """


class WrongKindOfImage(AbisError):
    """The image does not show what {slot} needs ({reason}). It was not recorded. Check that the right device and
    the right finger or eye was used, then capture again.
    """


class ResolutionLooksWrong(WrongKindOfImage):
    """The image for {slot} was taken as {declared} dpi, but its ridges lie {spacing} pixels apart: the resolution looks
    like {likely} dpi. It was not recorded. Declare the scanner's true resolution, then capture again.
    """


class ExtractionFailed(AbisError):
    """No usable features were found in the image for {slot} ({reason}). It was not recorded. Clean the scanner and
    the finger, or uncover the eye, then capture again.
    """


class UnknownSlot(AbisError):
    """{slot} is not a finger or an iris that the engine can compare. Nothing was recorded from it."""


class TemplateUnreadable(AbisError):
    """The stored biometric template cannot be read ({reason}). The recorded images are not affected:
    extract the template from them again.
    """


class TemplateOfWrongKind(AbisError):
    """The template given for {slot} is of kind {kind}, which does not belong there. Nothing was compared.
    Extract it again from the image of {slot}.
    """


class LeaderNotReady(AbisError):
    """The trained fingerprint extractor LEADER is not ready ({reason}). The classical extractor works without it.
    Run `make`, or `rekam abis prepare`.
    """


class TemplatesOfDifferentExtractors(AbisError):
    """The templates for {slot} come from different extractors ({kinds}), whose results cannot be compared.
    Nothing was compared. Extract both anew from their images with the same extractor.
    """


class ImpressionSetMissing(AbisError):
    """The folder {folder} does not exist or is not a folder. Nothing was measured. Check the path."""


class ImpressionSetEmpty(AbisError):
    """The folder {folder} holds too few images named <source>_<impression>.png to compare ({found} found).
    Nothing was measured. Check the path and the file names.
    """


class FoldEmpty(AbisError):
    """The people with {fold} numbers of this set are too few to compare. Nothing was measured. Measure all of it."""


class TooFewParts(AbisError):
    """These sets have {fingers} fingers and {eyes} pairs of eyes, too few to put two people together. Nothing was
    measured. Give more sets.
    """


class UnknownModality(AbisError):
    """{modality} is not a modality the engine can measure. Give finger or iris."""


class GalleryUnreadable(AbisError):
    """The gallery in {folder} cannot be opened ({reason}). Recordings are not affected. Restore the gallery from its
    backup or build it again from the recorded images.
    """


class GalleryFromNewerVersion(GalleryUnreadable):
    """The gallery in {folder} was written by a newer Rekam (format {found}, this one reads {known}). It was left as
    it is. Update this machine first.
    """


class GallerySealed(GalleryUnreadable):
    """The gallery in {folder} is sealed, and the key given does not open it ({reason}). It was left as it is.
    Start with the key file that belongs to this data folder.
    """


class GalleryInUse(GalleryUnreadable):
    """Another running process has the gallery in {folder} open. It was left as it is. Stop that process first."""


class GalleryNotWritten(AbisError):
    """The gallery in {folder} could not be written ({reason}). What it held is unharmed, and nothing was added.
    Free disk space, then start again.
    """


class AlreadyInGallery(AbisError):
    """The gallery already holds another template set under the id {id}. The one it holds was kept."""


class ImagesUnavailable(AbisError):
    """The images of {missing} of {records} records cannot be had ({reason}), too many to be single losses. These
    records were left as they were, all others were made anew. Check disk and keys, then run this again.
    """


class NotInGallery(AbisError):
    """The gallery holds no template set under the id {id}. Nothing was changed."""


class RecordMalformed(AbisError):
    """This is no sound {format} record: {reason}, at byte {offset}. Nothing was taken from it. Ask its sender for it
    again.
    """


class RecordNotWritable(AbisError):
    """The record cannot be written: the format has no place for {reason}. Nothing was written. Choose the other
    edition, or leave that out.
    """


class RecordPictureUnusable(AbisError):
    """The picture in the iris record cannot be used: {reason}. Nothing was taken from it. Ask its sender for it as PNG
    or JPEG 2000.
    """


class CurveMissing(AbisError):
    """What scores of {kind} templates mean has not been measured yet (known: {held}). Nothing was compared.
    Extract with one of these, or fit the curve by bench/abis_calibration.py.
    """


class NothingToExplain(AbisError):
    """The folder {folder} has no readable image named by its slot. Name images finger-1.png to finger-10.png,
    iris-1.png and iris-2.png, or give two image files.
    """
