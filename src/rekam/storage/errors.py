"""What can go wrong with a place's own stores, in the words its operator reads."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "BlobDamaged",
    "BlobMissing",
    "DataFromNewerVersion",
    "DatabaseCannotStart",
    "DatabaseInUse",
    "DiskFull",
    "DiskReserveReached",
    "FolderFromNewerVersion",
    "FolderInUse",
    "FolderOfAnotherPlace",
    "MigrationChanged",
    "MirrorAway",
    "MissingDatabase",
    "MissingQuery",
    "NotAnAddress",
    "OffsetMismatch",
    "ReplicationPortInUse",
    "StorageError",
    "WrongDatabaseKey",
]


class StorageError(RekamError):
    """A store of this place failed. What was acknowledged before is safe; look at the log for the cause."""


class DiskReserveReached(StorageError):
    """The disk is almost full, so nothing new is taken in: what is saved stays safe, and nothing was lost. Free some
    space or move to a larger disk, then go on. ({free} bytes are left, {reserve} are kept back, on the disk of {path}.)
    """


class DiskFull(StorageError):
    """The disk of {path} is full. Everything saved so far is safe and the unfinished part was not counted as saved.
    Free some space, then try again.
    """


class BlobMissing(StorageError):
    """The packet {blob_id} is not in this store. Nothing was changed; ask the place that sent it to send it again."""


class BlobDamaged(StorageError):
    """The bytes received for packet {blob_id} are not the bytes it names. They were thrown away and nothing was
    acknowledged; the sender will send it again from the start.
    """


class OffsetMismatch(StorageError):
    """An upload went on at byte {given}, but {expected} bytes of packet {blob_id} are here. Nothing was written;
    ask for the offset and go on from there.
    """


class MissingDatabase(StorageError):
    """The database cannot be reached ({reason}). Nothing was changed. Start the database or correct its address
    (DATABASE_URL), then start this place again.
    """


class DatabaseCannotStart(StorageError):
    """The embedded database in {folder} did not start: {reason}. The data in the folder was not touched.
    Read the log file {log} for the cause.
    """


class ReplicationPortInUse(StorageError):
    """Another program listens on {address}, from where the twin of this machine would copy. The data were not touched
    and nothing was started. Stop the other program, or choose another port with --replicate-on.
    """


class DatabaseInUse(StorageError):
    """The embedded database in {folder} already belongs to a running process. Nothing was changed.
    Stop the other process, or use another data folder.
    """


class WrongDatabaseKey(StorageError):
    """The key does not open the database {path}, or the file is damaged. The file was not changed.
    Use the key file that belongs to this data folder.
    """


class DataFromNewerVersion(StorageError):
    """The data of "{family}" were written by a newer version of Rekam (step {found}; this version knows {known}).
    Nothing was changed. Install the newer version again.
    """


class MigrationChanged(StorageError):
    """Step {number} of "{family}" is not the one this database was made with. Nothing was changed.
    A released step is never edited: undo the edit and add a new step.
    """


class MissingQuery(StorageError):
    """There is no query named "{name}" in {source}. This is a fault in the program; nothing was changed."""


class MirrorAway(StorageError):
    """The second machine that must hold a copy of everything does not answer ({reason}). Nothing was acknowledged
    that only one machine has; senders keep theirs and try again by themselves. Look at the page Kembaran.
    """


class NotAnAddress(StorageError):
    """The address "{text}" has no host or no port. Nothing was started. Write both, as in 10.20.0.1:5433."""


class FolderInUse(StorageError):
    """The data folder {folder} is in use by another running process (number {pid}). Nothing was changed.
    Stop that process first, or choose another folder.
    """


class FolderFromNewerVersion(StorageError):
    """The data folder {folder} has layout {found}, and this version of Rekam knows up to {known}.
    Nothing was changed. Install the newer version again.
    """


class FolderOfAnotherPlace(StorageError):
    """The data folder {folder} belongs to "{found}", not to "{wanted}". Nothing was changed.
    Choose the right folder.
    """
