"""Pagefind: the program that makes an index; called as its own libraries for other languages call it.

It is started as a service: requests go in, answers come out, each as JSON in Base64 with a comma behind it. So neither
the documents nor what it makes of them pass through files.
"""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

import cbor2
from pagefind_bin import get_executable

from generator.issues import SiteError
from generator.store import packages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PACKAGE = "pagefind_bin-"
VERSION = next(name.removeprefix(_PACKAGE) for name in packages() if name.startswith(_PACKAGE))
"""Of the program. Whoever reads the index in a browser fetches code of it, so it is part of the addresses of shards."""
MARK = b"pagefind_dcd"
"""Before the content of each file of an index."""
_LEVEL = 4
"""Of compression: 5 makes an index smaller by one part in a hundred, in a third more time; 9 by four, in many times."""


def index_pages(pages: Iterable[tuple[str, str]], language: str) -> dict[str, bytes]:
    """Return the files of the index of some pages, given as (address below the site, HTML), by their paths.

    Args:
        pages: what is to be found.
        language: the one whose stems the index knows, as a tag.

    Raises:
        SiteError: the program is not there, or failed.
    """
    answers = converse(
        [
            {"type": "NewIndex", "config": {"force_language": language}},
            *({"type": "AddFile", "index_id": 0, "url": f"/{url}", "file_contents": html} for url, html in pages),
            {"type": "GetFiles", "index_id": 0},
        ]
    )
    return files_of(answers[-1])


def files_of(answer: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that Pagefind answers with, by their paths."""
    return {file["path"]: base64.b64decode(file["content"]) for file in answer["files"]}


def read_index(files: Mapping[str, bytes]) -> Iterator[list[Any]]:
    """Yield [word, postings, [form, postings] of each form with accents] of all chunks of an index."""
    for path, content in files.items():
        if path.endswith(".pf_index"):
            yield from read_file(content)[0]


def weighed(locations: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the (weight, place) of each of the locations of a posting.

    A negative number says the weight of what follows; of one weight, each place is the distance from the last.

    >>> list(weighed([-25, 3, 4, -145, 0]))
    [(24, 3), (24, 7), (144, 0)]
    """
    weight, place = 25, 0
    for number in locations:
        if number < 0:
            weight, place = -number - 1, 0
        else:
            place += number
            yield weight, place


def read_file(content: bytes) -> Any:  # noqa: ANN401 - what CBOR holds
    """Return what a file of an index holds: CBOR (RFC 8949) behind a mark, gzipped."""
    return cbor2.loads(gzip.decompress(content).removeprefix(MARK))


def read_json(content: bytes) -> Any:  # noqa: ANN401 - what JSON holds
    """Return what a fragment holds: JSON instead."""
    return json.loads(gzip.decompress(content).removeprefix(MARK))


def written(content: bytes) -> bytes:
    """Return a file of an index with this content."""
    return gzip.compress(MARK + content, _LEVEL, mtime=0)


def converse(requests: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
    """Return the answers of Pagefind to some requests.

    Raises:
        SiteError: the program is not there, or failed, or answered with an error.
    """
    try:
        answers = _converse(requests)
    except OSError as error:
        raise _failure(str(error)) from error
    for answer in answers:
        if answer["type"] == "Error":
            raise _failure(answer["message"])
    return answers


def _converse(requests: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
    """Send all requests and return all answers."""
    received = bytearray()
    with (
        tempfile.TemporaryFile() as said,
        ThreadPoolExecutor(1) as writer,
        subprocess.Popen(  # noqa: S603 - our own program
            [get_executable(), "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        ) as program,
    ):
        assert program.stdin is not None
        assert program.stdout is not None
        # a pipe holds little: whoever writes everything first waits for a reader for ever
        writer.submit(_send, program.stdin, requests)
        missing = len(requests)
        while missing and (piece := program.stdout.read1(1 << 20)):  # type: ignore[attr-defined]
            received += piece
            missing -= piece.count(b",")
        with suppress(BrokenPipeError):
            program.stdin.close()
        program.wait()
        if missing:
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip()
            raise _failure(words or f"it ended with code {program.returncode}")
    return [json.loads(base64.b64decode(answer))["payload"] for answer in received.split(b",")[:-1]]


def _send(pipe: IO[bytes], requests: Sequence[dict[str, object]]) -> None:
    with suppress(BrokenPipeError):
        for number, payload in enumerate(requests):
            message = json.dumps({"message_id": number, "payload": payload}).encode()
            pipe.write(base64.b64encode(message) + b",")
        pipe.flush()


def _failure(words: str) -> SiteError:
    return SiteError(
        f"the search index could not be made: {words}; the last good site stays",
        "install the program again: pip install --force-reinstall pagefind-bin",
    )
