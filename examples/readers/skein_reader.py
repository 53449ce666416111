"""Finds the files of one version of a dataset that Skein migrates.

Needs nothing but Python 3.9. Resolve once, then read those files with whatever
you like: they are never written again, so you see one version whole, whatever is
published meanwhile.

    from skein_reader import resolve

    flights = resolve("/data/flights")
    pandas.read_parquet(flights.files)

As a command it prints one file a line: ``python3 skein_reader.py /data/flights``.
"""

from __future__ import annotations

import argparse
import glob
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Optional
from urllib.parse import quote, unquote

ENDINGS = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv"),
    "ndjson": (".ndjson", ".jsonl"),
}
PACKED = (".gz", ".zst")


@dataclass(frozen=True)
class Version:
    """The files of one version; read all of them, and no other."""

    #: None before the first publication: then nothing is recorded.
    version: Optional[str]
    format: str
    #: Absolute paths in the order of their rows.
    files: list[str]
    #: Columns that the names of folders tell (``year=2024``), outermost first.
    partitioned_by: list[str]
    #: Where those folders begin, for readers that ask (Spark's ``basePath``).
    base: str


def resolve(
    dataset: str, version: Optional[str] = None, format: Optional[str] = None
) -> Version:
    """Finds the current version, or the one that is asked for.

    ``dataset`` is the folder, file or pattern that the contract names. ``format``
    is only needed for a folder of several formats that nothing was published of.
    Raises LookupError when the version is not readable.
    """
    folder, state, pattern = _place(Path(dataset))
    manifest = _last_manifest(state / "manifests")
    versions = manifest.get("versions", [])
    current = next((v for v in versions if v["state"] == "current"), None)
    if current is None:
        recorded = manifest.get("published")
        if version not in (None, recorded):
            raise LookupError(f"{dataset} has no readable version {version}")
        found = _unpublished(folder, pattern, format or manifest.get("format"))
        return _version(folder, recorded, *found)
    if version is not None:
        current = next(
            (
                v
                for v in versions
                if v["version"] == version and v["state"] in ("current", "coexisting")
            ),
            None,
        )
        if current is None:
            raise LookupError(f"{dataset} has no readable version {version}")
    files = [str(folder / file["path"]) for file in current["files"]]
    return _version(folder, current["version"], manifest["format"], files)


def set_aside(dataset: str, version: str) -> list[str]:
    """Parquet files of the rows that the migration to a version set aside.

    None where it set none aside, or was rolled back. A glob over the folder would
    also find what tries that were killed have written.
    """
    folder, state, _ = _place(Path(dataset))
    return [
        str(folder / file["path"])
        for migration in _last_manifest(state / "manifests").get("migrations", [])
        if migration["to"] == version
        for file in migration.get("setAside", [])
    ]


def partition_values(file: str, base: str) -> dict[str, Optional[str]]:
    """What the folders of a file say of its rows, as text; None for NULL."""
    values = {}
    for folder in Path(file).relative_to(base).parts[:-1]:
        name, sign, value = folder.partition("=")
        if sign and name:
            missing = value == "__HIVE_DEFAULT_PARTITION__"
            values[unquote(name)] = None if missing else unquote(value)
    return values


def _place(dataset: Path) -> tuple[Path, Path, Optional[str]]:
    """The folder, where its manifests are, and the pattern of its files."""
    parts = dataset.absolute().parts
    first = next((i for i, part in enumerate(parts) if glob.has_magic(part)), None)
    if first is not None:
        folder = Path(*parts[:first]).resolve()
        pattern = "/".join(parts[first:])
        return folder, folder / "_skein" / _encode(pattern), pattern
    real = dataset.resolve()
    if real.is_dir():
        return real, real / "_skein", None
    return real.parent, real.parent / "_skein" / _encode(real.name), real.name


def _encode(name: str) -> str:
    # As encodeURIComponent of JavaScript does, and the asterisk too.
    return quote(name, safe="!~'()")


def _last_manifest(folder: Path) -> dict:
    numbered = [
        file
        for file in folder.glob("*.json")
        if file.stem.isdigit() and len(file.stem) >= 8
    ]
    if not numbered:
        return {}
    return json.loads(max(numbered, key=lambda file: int(file.stem)).read_text("utf-8"))


def _unpublished(
    folder: Path, pattern: Optional[str], format: Optional[str]
) -> tuple[str, list[str]]:
    if pattern is None:
        candidates = [f for f in folder.rglob("*") if _is_data(f.relative_to(folder))]
    else:
        candidates = [f for f in folder.glob(pattern) if not _hidden(f, folder)]
    by_format: dict[str, list[str]] = {}
    for file in candidates:
        if file.is_file():
            by_format.setdefault(_format(file.name) or "", []).append(str(file))
    if pattern is not None and format is not None:
        return format, sorted(file for files in by_format.values() for file in files)
    if format is None:
        known = [name for name in by_format if name]
        if len(known) != 1:
            raise LookupError(f"the format of {folder} cannot be told; name it")
        format = known[0]
    return format, sorted(by_format.get(format, []))


def _is_data(path: Path) -> bool:
    """In the folder itself or in its partitions, and not hidden."""
    return not path.name.startswith(("_", ".")) and all(
        "=" in part[1:] and not part.startswith(("_", ".")) for part in path.parts[:-1]
    )


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in file.relative_to(folder).parts)


def _format(name: str) -> Optional[str]:
    name = name.lower()
    for packed in PACKED:
        if name.endswith(packed):
            name = name[: -len(packed)]
            return next(
                (f for f in ("csv", "ndjson") if name.endswith(ENDINGS[f])), None
            )
    return next((f for f, ends in ENDINGS.items() if name.endswith(ends)), None)


def _version(
    folder: Path, version: Optional[str], format: str, files: list[str]
) -> Version:
    base = str(folder)
    names = list(partition_values(files[0], base)) if files else []
    return Version(version, format, files, names, base)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", help="folder, file or pattern")
    parser.add_argument("--version", help="the current one by default")
    parser.add_argument("--format", choices=sorted(ENDINGS))
    parser.add_argument(
        "--set-aside",
        metavar="VERSION",
        help="the rows that the migration to this version set aside",
    )
    options = parser.parse_args()
    if options.set_aside is not None:
        for file in set_aside(options.dataset, options.set_aside):
            print(file)
        return 0
    try:
        found = resolve(options.dataset, options.version, options.format)
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    print("\n".join(found.files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
