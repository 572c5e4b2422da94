"""Where an embedded demo keeps its data and keys: a temporary folder, or one that is kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tashika_server.config import KEYS_SUFFIX
from tashika_server.demo.options import DemoUsageError

_PREFIX = "tashika-demo-"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """The data folder, the keys folder beside it, and a folder for what is never kept, such as the socket."""

    data: Path
    keys: Path
    temporary: Path

    @property
    def socket(self) -> Path:
        """The socket where no address was asked for."""
        return self.temporary / "tashika.sock"


@contextmanager
def demo_folder(kept: Path | None) -> Iterator[DemoFolder]:
    """Give folders with mode 0700; what is temporary is removed at the end, with everything in it.

    Raises DemoUsageError where `kept` or its keys folder holds anything: samples never go into a register that
    is in use.
    """
    temporary = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        if kept is None:
            data, keys = temporary / "data", temporary / f"data{KEYS_SUFFIX}"
        else:
            data = kept.absolute()
            keys = data.with_name(data.name + KEYS_SUFFIX)
            for folder in (data, keys):
                _refuse_used(folder, data)
        yield DemoFolder(data, keys, temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _refuse_used(folder: Path, data: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DemoUsageError(
            f"{folder} は空ではありません。別のフォルダーを指定するか、前回の見本を使うなら "
            f"tashika-server serve --demo --data {data} で起動してください。 / "
            f"{folder} is not empty. Name another folder; or, to go on with earlier samples, run: "
            f"tashika-server serve --demo --data {data}"
        )
