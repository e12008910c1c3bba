"""Pagefind: the program that makes an index; called as its own libraries for other languages call it.

It is started as a service: requests go in, answers come out, each as JSON in Base64 with a comma behind it. So neither
the documents nor what it makes of them pass through files.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Any

from pagefind_bin import get_executable

from generator.issues import SiteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.publish.documents import Document

VERSION = version("pagefind-bin")


def index_documents(documents: Iterable[Document], language: str) -> dict[str, bytes]:
    """Return the files of the index of some documents by their paths.

    Args:
        documents: what is to be found.
        language: the one whose stems the index knows, as a tag.

    Raises:
        SiteError: the program is not there, or failed.
    """
    requests: list[dict[str, object]] = [
        {"type": "NewIndex", "config": {"force_language": language}},
        *(
            {"type": "AddFile", "index_id": 0, "url": f"/{document.url}", "file_contents": document.html}
            for document in documents
        ),
        {"type": "GetFiles", "index_id": 0},
    ]
    try:
        answers = _converse(requests)
    except OSError as error:
        raise _failure(str(error)) from error
    for answer in answers:
        if answer["type"] == "Error":
            raise _failure(answer["message"])
    return {file["path"]: base64.b64decode(file["content"]) for file in answers[-1]["files"]}


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
