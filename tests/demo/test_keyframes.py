"""The demo's videos show something: their keyframes can be decoded."""

from __future__ import annotations

import io

import pytest

from gerra_tui.demo.storage.containers import mp4
from gerra_tui.demo.storage.keyframes import MOMENTS, keyframes

av = pytest.importorskip("av")

SIZES = ((640, 480), (960, 544), (1280, 720), (1920, 1080))
CODECS = ("h264", "hevc", "av1")


def pictures(video: mp4.Video, length: int) -> list[tuple[int, int]]:
    """The sizes of what a player shows of the keyframes."""
    file = mp4.file(video, length, index_first=True)
    with av.open(io.BytesIO(b"".join(file.chunks(0, file.length)))) as film:
        stream = film.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        shown = []
        for packet in film.demux(stream):
            if packet.is_keyframe and packet.size:
                frames = stream.codec_context.decode(packet) or stream.codec_context.decode(None)
                stream.codec_context.flush_buffers()
                shown += [(frame.width, frame.height) for frame in frames]
        return shown


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("share", [2_500, 2_501, 40_000])
def test_every_keyframe_is_a_picture_of_the_declared_size(
    codec: str, size: tuple[int, int], share: int
) -> None:
    video = mp4.Video(*size, fps=5.0, frames=60, codec=codec)
    assert pictures(video, 60 * share) == [size] * 6


def test_where_frames_have_no_room_there_is_no_picture_and_the_length_is_exact() -> None:
    video = mp4.Video(640, 480, fps=30.0, frames=600, codec="h264")
    file = mp4.file(video, 12_000)
    assert file.length == 12_000


@pytest.mark.parametrize("codec", CODECS)
def test_a_frame_is_padded_to_any_length_or_left_out(codec: str) -> None:
    known = keyframes(codec, 640, 480)
    assert known is not None
    longest = max(map(len, known.frames))
    for length in (*range(longest - 3, longest + 40), longest + 200, longest + 70_000):
        frames = known.fitting(length)
        assert len(frames) in (0, MOMENTS)
        assert all(len(frame) == length for frame in frames)
    assert known.fitting(longest + 40)
    assert not known.fitting(longest - 1)


def test_a_size_that_nobody_declares_has_none() -> None:
    assert keyframes("h264", 123, 45) is None
