"""What can go wrong with the mirror, as sentences for whoever runs it."""


class MirrorError(Exception):
    """Base: the text is one sentence that says what is wrong and what to do."""


class UnavailableError(MirrorError):
    """Google does not answer as it should, or cannot be reached: a later run will do."""


class RefusedError(MirrorError):
    """Google says no: somebody has to change something."""


class UnclearError(UnavailableError):
    """A change of the spreadsheet's tabs may have happened or not: look before trying again."""


class ForeignSheetError(MirrorError):
    """The spreadsheet is not this database's mirror (TECH T25)."""


class BusyError(MirrorError):
    """Another run is at work."""
