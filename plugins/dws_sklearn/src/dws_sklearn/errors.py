"""What can be wrong with a data set, a kind of metrics or a place for results."""

from collections.abc import Iterable, Sequence

from dws_core.errors import LineageError, NamingError, ResourceError


class DataFileMissingError(ResourceError):
    def __init__(self, directory: str, found: Iterable[str]) -> None:
        there = ", ".join(sorted(found)) or "nothing that can be read"
        super().__init__(
            f"the data set {directory} has no data.csv (nor data.csv.gz, data.csv.bz2, data.npy); there is: {there}",
            hint="put the samples into data.csv, a row each, and what is to be predicted into target.csv",
        )


class RowCountsDifferError(ResourceError):
    def __init__(self, first: str, rows: int, second: str, other_rows: int) -> None:
        super().__init__(
            f"{first} has {rows} rows, and {second} has {other_rows}", hint="each sample needs its row in both files"
        )


class TwoTablesError(ResourceError):
    def __init__(self, directory: str, first: str, second: str) -> None:
        super().__init__(
            f"the data set {directory} has both {first} and {second}, and it is unclear which one counts",
            hint="keep one of them, or give the other another name",
        )


class UnreadableDataError(ResourceError):
    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be read as a table of numbers: {reason}", hint="correct the file, then load it again")


class UnknownMetricsError(NamingError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__(
            f"{name!r} is no kind of metrics", hint=f"there are: {', '.join(sorted(known))}; or give a subclass of Metrics"
        )


class NoPlaceForResultsError(LineageError):
    def __init__(self, names: Sequence[str]) -> None:
        if names:
            super().__init__(f"there are several results resources: {', '.join(names)}", hint="name one with `results_resource=`")
        else:
            super().__init__("the workspace has no results resource", hint="add one with `dws add TYPE --role results …`")
