import io
from collections.abc import Callable

import pytest

from core.secrets.keyring import Keyring
from core.vault.blobs import FRAME, TAG, FileDamaged, read_blob, verified, write_blob
from core.vault.names import LONGEST, shown_name

RING = Keyring({"k1": b"1" * 32})
HEAD = 2 + 2 + 16


def sealed(content: bytes, utility_id: int = 7) -> bytes:
    out = io.BytesIO()
    write_blob(out, RING, utility_id, [content])
    return out.getvalue()


def opened(blob: bytes, utility_id: int = 7) -> bytes:
    return b"".join(read_blob(io.BytesIO(blob), RING, utility_id))


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 5])
def test_content_of_any_size_comes_back(size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    assert opened(sealed(content)) == content


def test_parts_of_any_length_make_the_same_content_and_digest() -> None:
    out, content = io.BytesIO(), b"0123456789" * 20_000
    digest = write_blob(out, RING, 7, [content[i : i + 7_777] for i in range(0, len(content), 7_777)])
    assert opened(out.getvalue()) == content
    assert digest.size == 200_000
    assert list(verified([content], digest.sha256)) == [content]


def test_nothing_of_the_content_can_be_read_on_the_disk() -> None:
    assert b"SMITH JOHN" not in sealed(b"SMITH JOHN" * 1000)


def swap_frames(blob: bytes) -> bytes:
    size = FRAME + TAG
    one, two = blob[HEAD : HEAD + size], blob[HEAD + size : HEAD + 2 * size]
    return blob[:HEAD] + two + one + blob[HEAD + 2 * size :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda blob: blob[:-1],
        lambda blob: blob[: HEAD + FRAME + TAG],
        lambda blob: blob + b"more",
        swap_frames,
        lambda blob: blob[:50] + bytes([blob[50] ^ 1]) + blob[51:],
        lambda blob: b"",
        lambda blob: b"plain text",
    ],
    ids=["shortened", "cut at a frame", "lengthened", "frames swapped", "a bit", "empty", "never sealed"],
)
def test_a_damaged_blob_is_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FileDamaged):
        opened(damage(sealed(b"x" * (2 * FRAME + 100))))


def test_a_blob_given_to_another_utility_is_refused() -> None:
    with pytest.raises(FileDamaged):
        opened(sealed(b"reads", utility_id=7), utility_id=8)


def test_another_content_under_the_same_hash_is_refused() -> None:
    with pytest.raises(FileDamaged):
        list(verified([b"other"], "0" * 64))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("reads.csv", "reads.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\July reads.csv", "July reads.csv"),
        ('a\r\nSet-Cookie: x="1".csv', 'aSet-Cookie: x="1".csv'),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_names_of_files_lose_what_could_do_harm(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert shown_name("r" * 500 + ".csv") == "r" * (LONGEST - 4) + ".csv"
