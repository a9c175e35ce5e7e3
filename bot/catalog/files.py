"""Content files as text: which there are, what is in them, and whether they have changed."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

LARGEST_FILE = 1_000_000  # bytes; of a .jsonl file: of each line
SUFFIXES = (".md", ".jsonl")
NOT_CONTENT = frozenset({"readme.md", "license.md"})


class ContentError(Exception):
    """The content cannot be read at all, in one sentence."""


class FileProblem(Exception):  # noqa: N818 - it becomes a Problem, and says so
    """One file cannot be read as text, in one sentence."""


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without BOM, its line ends as LF. Raises FileProblem."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileProblem("is no ordinary file")
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileProblem(f"cannot be read: {error.strerror}") from None
    if not data.strip():
        raise FileProblem("is empty; write a moment into it or delete it")
    if len(data) > LARGEST_FILE:
        raise FileProblem("is larger than 1 MB; shorten it, or put many moments into a .jsonl file")
    return decode(data)


def decode(data: bytes) -> str:
    """The text of bytes in UTF-8, its line ends as LF. Raises FileProblem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileProblem(f"is no text in UTF-8 (line {line}); save it as UTF-8") from None
    if "\0" in text:
        raise FileProblem("is no text (it holds NUL bytes); save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def content_files(paths: Sequence[Path]) -> list[Path]:
    """The content files in and below `paths`, sorted, each once. Raises ContentError."""
    return [Path(name) for name, _root in _listed(paths)]


def _listed(paths: Sequence[Path]) -> list[tuple[str, int]]:
    """The files' names, sorted, and how many characters of each are the path it was found below."""
    found: dict[str, tuple[str, int]] = {}
    for path in paths:
        root = str(path)
        names = _below(root) if path.is_dir() else [_content_file(path)]
        for name in names:
            found.setdefault(os.path.abspath(name), (name, len(root)))  # noqa: PTH100 - ten times as fast
    return sorted(found.values())


def _content_file(path: Path) -> str:
    if not path.exists():
        raise ContentError(f"{path} does not exist; name a folder of moments, or an .md or .jsonl file")
    if path.suffix.lower() not in SUFFIXES:
        raise ContentError(f"{path} is no content file; name a folder of moments, or an .md or .jsonl file")
    return str(path)


def _below(folder: str) -> Iterator[str]:
    """Content files below a folder. Links to folders are not followed: they may lead in a circle."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(entry.path)
                elif name.lower().endswith(SUFFIXES) and name.lower() not in NOT_CONTENT:
                    yield entry.path
    except OSError as error:
        raise ContentError(f"{error.filename or folder} cannot be read: {error.strerror}") from None


def fingerprint(paths: Sequence[Path]) -> str:
    """A text that changes when a content file is added, removed or written, not when all are moved."""
    digest = hashlib.blake2b(digest_size=16)
    for name, root in _listed(paths):
        try:
            status = os.stat(name)  # noqa: PTH116 - a Path for each of 10,000 files takes longer than its stat
            digest.update(f"{name[root:]}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
        except OSError:
            digest.update(f"{name[root:]}\0\n".encode(errors="surrogateescape"))
    return digest.hexdigest()
