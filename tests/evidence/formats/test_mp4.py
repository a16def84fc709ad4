"""MP4: what the index at either end tells, and what is odd about it. Made by PyAV."""

from __future__ import annotations

import io
import struct
from fractions import Fraction

import av
import pytest

from gerra_tui.domain.evidence import PICTURES, Mark
from gerra_tui.evidence.child.host import ChildFailure
from gerra_tui.evidence.formats import keyframes, mp4
from gerra_tui.evidence.members import Unreadable
from gerra_tui.evidence.window import Budget, more
from tests.evidence.formats.videos import RATE, index_first, top, video
from tests.evidence.looked import check, checks, looked, looked_further
from tests.evidence.memory import window_on


@pytest.mark.parametrize(
    ("codec", "name"), [("mpeg4", "mpeg4"), ("libx264", "h264"), ("libx265", "hevc")]
)  # fmt: skip
@pytest.mark.parametrize("first", [False, True])
async def test_a_video_is_told_wherever_its_index_stands(
    codec: str, name: str, first: bool
) -> None:
    data = video(codec=codec)

    look = await looked(index_first(data) if first else data)

    assert look.kind == "mp4"
    assert look.facts["codec"] == name
    assert (look.facts["width"], look.facts["height"]) == (64, 48)
    assert (look.facts["frames"], look.facts["duration_s"], look.facts["fps"]) == (30, 1.0, RATE)
    assert look.facts["keyframes"] >= 1
    assert not checks(look, Mark.ODD)


@pytest.mark.parametrize("container", ["mp4", "mov"])
@pytest.mark.parametrize("rate", [15, Fraction(30_000, 1_001), Fraction(24_000, 1_001)])
@pytest.mark.parametrize("between", [0, 3])
async def test_what_is_told_is_what_ffmpeg_s_own_reader_finds(
    container: str, rate: Fraction, between: int
) -> None:
    data = video(47, codec="libx264", rate=rate, between=between, container=container)
    with av.open(io.BytesIO(data), "r") as read:
        stream = read.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        frames, seconds = stream.frames, float(stream.duration * stream.time_base)
        average, size = stream.average_rate, (stream.width, stream.height)
        keyframes = sum(packet.is_keyframe for packet in read.demux(stream) if packet.size)

    facts = (await looked(data)).facts

    assert (facts["frames"], facts["keyframes"]) == (frames, keyframes) == (47, keyframes)
    assert (facts["width"], facts["height"]) == size
    assert facts["duration_s"] == pytest.approx(seconds, abs=0.000_001)
    assert facts["fps"] == pytest.approx(float(average or 0), abs=0.000_001)


async def test_a_long_video_costs_two_requests() -> None:
    data = video(noise=True, size=(320, 240))
    assert len(data) > 200_000

    look = await looked(data)

    assert look.facts["frames"] == 30
    assert (look.cost.requests, look.cost.bytes) == (2, 131_072)


async def test_lost_frames_are_told_with_their_time() -> None:
    steps = [1] * 30
    steps[9], steps[19] = 5, 3

    look = await looked(video(steps=steps))

    assert checks(look, Mark.ODD)["gaps"] == "2, longest 166.7 ms at 0.3 s"
    assert check(look, "gaps").measured == 2


async def test_a_video_whose_media_was_cut_off_is_told() -> None:
    data = index_first(video(noise=True))
    start, stop = top(data, b"mdat")

    look = await looked(data[: (start + stop) // 2])

    assert "beyond the file's end" in checks(look, Mark.ODD)["media"]
    assert look.facts["frames"] == 30


async def test_a_video_without_any_media_is_told() -> None:
    data = index_first(video())

    look = await looked(data[: top(data, b"mdat")[0]])

    assert checks(look, Mark.ODD)["media"] == "30 frames promised, media missing"


async def test_a_video_cut_before_its_index_is_told() -> None:
    data = video(noise=True)

    look = await looked(data[: top(data, b"mdat")[1] - 100])

    assert checks(look, Mark.ODD)["index"].startswith("cut off: no index, and 100 bytes")
    assert look.facts["frames"] is None


async def test_fragments_are_told_and_not_scanned() -> None:
    look = await looked(video(options={"movflags": "frag_keyframe+empty_moov"}))

    assert "frames" in checks(look, Mark.UNCHECKED)
    assert look.facts["frames"] is None
    assert look.facts["codec"] == "mpeg4"


async def test_an_index_too_long_for_the_look_still_tells_the_times() -> None:
    """A table of sizes for 300,000 frames: more than the whole budget, behind 1 MB of media."""
    data = video()
    start, stop = top(data, b"moov")
    index = data[start:stop]
    at = index.index(b"stsz") - 4
    old = struct.unpack_from(">I", index, at)[0]
    sizes = struct.pack(">I4sIII", 20 + 4 * 300_000, b"stsz", 0, 0, 300_000) + bytes(4 * 300_000)
    longer = index[:at] + sizes + index[at + old :]
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        place = 0 if box == b"moov" else longer.index(box) - 4
        size = struct.unpack_from(">I", longer, place)[0] + len(sizes) - old
        longer = longer[:place] + struct.pack(">I", size) + longer[place + 4 :]
    padding = struct.pack(">I4s", 1_000_000, b"free") + bytes(999_992)
    whole = data[:start] + padding + longer

    look = await looked(whole)

    assert look.facts["fps"] == RATE
    assert look.facts["frames"] == 300_000
    assert check(look, "media").mark is Mark.UNCHECKED
    assert any(step.bytes >= 1_200_000 for step in look.more)
    further = await looked_further(whole)
    assert check(further, "media").mark is Mark.ODD


async def test_a_film_without_video_says_so() -> None:
    data = video().replace(b"vide", b"soun")

    assert checks(await looked(data), Mark.ODD)["video"].startswith("no video track")


async def test_times_stored_as_negative_steps_are_told() -> None:
    steps = [1, 2] * 15
    data = bytearray(video(steps=steps))
    at = data.index(b"stts") + 12  # past the flags and the count: the first run
    struct.pack_into(">II", data, at, 1, 0xFFFFFF00)

    assert "time goes back" in checks(await looked(bytes(data)), Mark.ODD)["order"]


async def test_a_contact_sheet_costs_what_was_named() -> None:
    data = video(90, codec="libx264", size=(320, 240), noise=True)
    window = await window_on(data, more())
    found = await mp4.look(window)
    (step,) = [each for each in found.more if each.key == PICTURES]
    before = window.cost

    reel = await keyframes.read_reel(window)
    sheet = keyframes.spread(reel.keyframes)
    pictures = await keyframes.decode(window, reel, sheet, 58, 44)

    assert len(pictures) == step.requests == len(sheet) == 6
    assert window.cost.requests - before.requests <= step.requests
    assert window.cost.bytes - before.bytes <= step.bytes
    assert [picture.keyframe.seconds for picture in pictures] == sorted(
        each.seconds for each in sheet
    )
    for picture in pictures:
        assert (picture.width, picture.height) == (58, 44)
        assert len(picture.rgb) == 58 * 44 * 3
    assert len({picture.rgb for picture in pictures}) == 6


async def test_what_is_no_keyframe_within_the_file_is_said_and_not_decoded() -> None:
    window = await window_on(video(options={"movflags": "frag_keyframe+empty_moov"}), more())
    with pytest.raises(Unreadable, match="fragmented"):
        await keyframes.read_reel(window)


async def test_packets_of_another_file_are_one_sentence() -> None:
    window = await window_on(bytes(range(256)) * 40, more())
    reel = keyframes.Reel(
        codec="h264", configuration=b"\x01junk", width=64, height=48, rotation=0,
        keyframes=(keyframes.Keyframe(0.0, 0, 5_000),),
    )  # fmt: skip
    with pytest.raises(ChildFailure):
        await keyframes.decode(window, reel, reel.keyframes, 40, 30)


async def test_a_window_without_any_budget_left_asks_and_does_not_fail() -> None:
    data = video(noise=True, size=(320, 240))
    found = await mp4.look(await window_on(data, Budget(requests=1, bytes=65_536)))

    assert [each.mark for each in found.checks] == [Mark.UNCHECKED]
    assert found.more
