"""The commands of the list and the detail pane, with the keys that they ship with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LIST: Final = "list"
DETAIL: Final = "detail"
CONTEXTS: Final = (LIST, DETAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`name` is what config and `:` call it. `footer`: the word behind its key, null for none.

    `decides` claims that it can lead to a POST: a read-only console does not have it. `aimed`: it
    is about the dataset under the cursor, and does nothing on one that was not seen there.
    `written`: a text is typed behind it.
    """

    name: str
    title: str
    help: str
    keys: tuple[str, ...] = ()
    contexts: tuple[str, ...] = CONTEXTS
    footer: str | None = None
    decides: bool = False
    aimed: bool = False
    written: bool = False


def _moving(name: str, title: str, help_text: str, *keys: str) -> Command:
    return Command(name=name, title=title, help=help_text, keys=keys)


COMMANDS: Final = (
    Command(
        name="accept",
        title="Accept",
        help="Accept the dataset under the cursor, or the marked ones.",
        keys=("a",),
        footer="accept",
        decides=True,
        aimed=True,
    ),
    Command(
        name="reject",
        title="Reject",
        help="Reject the dataset under the cursor, or the marked ones, with a reason.",
        keys=("r",),
        footer="reject",
        decides=True,
        aimed=True,
        written=True,
    ),
    Command(
        name="again",
        title="Same again",
        help="Ask with the last verdict once more, filled in as the last time.",
        keys=(".",),
        footer="same again",
        decides=True,
        aimed=True,
        written=True,
    ),
    Command(
        name="take_back",
        title="Take back",
        help="Take back the latest held decision, else undo the last mark, note, query or view.",
        keys=("u",),
        footer="take back",
    ),
    Command(
        name="help",
        title="Help",
        help="The keys of this pane; `:help TOPIC` shows a page.",
        keys=("?", "f1"),
        footer="help",
    ),
    Command(
        name="outbox",
        title="Outbox",
        help="What is held, waiting, sending or failed: send now, take back, drop.",
        keys=("$",),
    ),
    Command(
        name="edit_query",
        title="Query",
        help="Edit the query: Up and Down history, Tab completes, Enter applies, Esc restores.",
        keys=("/",),
        footer="query",
    ),
    _moving("down", "Down", "One row or line down.", "j", "down"),
    _moving("up", "Up", "One row or line up.", "k", "up"),
    _moving("top", "Top", "To the first row or line.", "g", "home"),
    _moving("bottom", "Bottom", "To the last row or line.", "G", "end"),
    _moving("page_down", "Page down", "One page down.", "pagedown"),
    _moving("page_up", "Page up", "One page up.", "pageup"),
    _moving("half_page_down", "Half page down", "Half a page down.", "ctrl+d"),
    _moving("half_page_up", "Half page up", "Half a page up.", "ctrl+u"),
    Command(
        name="scroll_detail_down",
        title="Scroll detail down",
        help="Scroll the detail pane down from the list.",
        keys=("J",),
        contexts=(LIST,),
    ),
    Command(
        name="scroll_detail_up",
        title="Scroll detail up",
        help="Scroll the detail pane up from the list.",
        keys=("K",),
        contexts=(LIST,),
    ),
    Command(name="next_pane", title="Next pane", help="To the next pane.", keys=("tab",)),
    Command(
        name="previous_pane", title="Previous pane", help="To the pane before.", keys=("shift+tab",)
    ),
    Command(
        name="open",
        title="Open",
        help="Open the dataset full width; in the detail pane fold or unfold.",
        keys=("enter",),
        footer="open",
    ),
    Command(
        name="iterations",
        title="Iterations",
        help="Go to the iteration history in the detail pane.",
        keys=("i",),
    ),
    Command(
        name="older_version",
        title="Older version",
        help="Show the version before the one displayed.",
        keys=("<",),
    ),
    Command(
        name="newer_version",
        title="Newer version",
        help="Show the version after the one displayed.",
        keys=(">",),
    ),
    Command(
        name="compare",
        title="Compare versions",
        help="Compare the version displayed with the one before, full width.",
        keys=("=",),
    ),
    Command(
        name="look_further",
        title="Look further",
        help="Look at more of the data, at the price that the pane names beside this key.",
        keys=("+",),
    ),
    Command(
        name="files",
        title="Files",
        help="The members of the file; Enter looks into one, t shows its pictures.",
        keys=("b",),
        footer="files",
    ),
    Command(
        name="pictures",
        title="Pictures",
        help="A contact sheet: keyframes of the video, or pictures of the archive.",
        keys=("t",),
        footer="sheet",
    ),
    Command(
        name="next_frame",
        title="Next frame",
        help="The next keyframe or picture, alone.",
        keys=("]",),
    ),
    Command(
        name="previous_frame",
        title="Previous frame",
        help="The keyframe or picture before, alone.",
        keys=("[",),
    ),
    Command(
        name="zoom_in",
        title="Zoom in",
        help="Nearer to the middle of the picture; nothing is fetched for it.",
        keys=("z",),
    ),
    Command(name="zoom_out", title="Zoom out", help="Further from the picture again.", keys=("Z",)),
    Command(
        name="next_video",
        title="Next video",
        help="The next video of the file: another camera, then another episode.",
        keys=("l",),
        contexts=(DETAIL,),
    ),
    Command(
        name="previous_video",
        title="Previous video",
        help="The video of the file before this one.",
        keys=("h",),
        contexts=(DETAIL,),
    ),
    Command(
        name="beside",
        title="Two cameras",
        help="The next video beside this one, at the same moment; again: this one alone.",
        keys=("|",),
        contexts=(DETAIL,),
    ),
    Command(
        name="play",
        title="Play",
        help="Two pictures a second from here to the last; again: stop.",
        keys=("space",),
        contexts=(DETAIL,),
    ),
    Command(
        name="pose_frame",
        title="Pose frame",
        help="The pose frame that the producer made of this version.",
        keys=("x",),
    ),
    Command(
        name="download",
        title="Download",
        help="Download the file to this machine; pause it, or let it go on.",
        keys=("d",),
        aimed=True,
    ),
    Command(
        name="look_at_all",
        title="Look at all that match",
        help="Look at the data of all that match the query; asks, with requests and bytes.",
        keys=("C",),
        contexts=(LIST,),
    ),
    Command(
        name="toggle_detail",
        title="Detail pane",
        help="Detail pane on or off.",
        keys=("p",),
    ),
    Command(
        name="move_detail",
        title="Detail pane right or bottom",
        help="Put the detail pane at the right or at the bottom.",
        keys=("P",),
    ),
    Command(
        name="mark",
        title="Mark",
        help="Mark the row and move down.",
        keys=("space",),
        contexts=(LIST,),
        footer="mark",
        aimed=True,
    ),
    Command(
        name="mark_range",
        title="Mark a range",
        help="Begin a range, move, and end it with the same key.",
        keys=("v",),
        contexts=(LIST,),
        aimed=True,
    ),
    Command(
        name="mark_all",
        title="Mark all that match",
        help="Mark every row that matches the query; asks, with the number it will fetch.",
        keys=("M",),
        contexts=(LIST,),
    ),
    Command(
        name="invert_marks",
        title="Invert marks",
        help="Mark the loaded rows that are not, and unmark those that are.",
        keys=("m",),
        contexts=(LIST,),
    ),
    Command(
        name="set_aside",
        title="Set aside",
        help="Set the dataset aside with an optional note; again to take it back in.",
        keys=("s",),
        aimed=True,
        written=True,
    ),
    Command(
        name="flag",
        title="Flag",
        help="Flag the dataset, or take the flag away.",
        keys=("f",),
        aimed=True,
    ),
    Command(
        name="only",
        title="Only this value",
        help="Only the value under the cursor; in the list a menu of the row's values.",
        keys=(",",),
    ),
    Command(
        name="without",
        title="Without this value",
        help="All but the value under the cursor; in the list a menu as well.",
        keys=(";",),
    ),
    Command(
        name="next_undecided",
        title="Next undecided",
        help="To the next undecided row.",
        keys=("n",),
    ),
    Command(
        name="previous_undecided",
        title="Previous undecided",
        help="To the undecided row before.",
        keys=("N",),
    ),
    *(
        Command(
            name=f"view_{digit}",
            title=f"View {digit}" if digit else "Everything pending",
            help=f"Switch to view {digit}." if digit else "Back to status:pending.",
            keys=(str(digit),),
        )
        for digit in (*range(1, 10), 0)
    ),
    Command(
        name="save_view",
        title="Save view",
        help="Save query, columns and sort as a view.",
        keys=("w",),
    ),
    Command(name="views", title="Views", help="Choose among all views by name."),
    Command(name="rename_view", title="Rename view", help="Give the current view another name."),
    Command(name="move_view_left", title="Move view left", help="Put the view one place before."),
    Command(name="move_view_right", title="Move view right", help="Put it one place further."),
    Command(name="delete_view", title="Delete view", help="Take the current view out of the tabs."),
    Command(
        name="columns",
        title="Columns",
        help="Choose the columns, their order and widths.",
        keys=("c",),
    ),
    Command(name="sort", title="Sort", help="Sort by a column.", keys=("o",)),
    Command(name="reverse", title="Reverse", help="Reverse the sort.", keys=("O",)),
    Command(
        name="load_rest",
        title="Load the rest",
        help="Load the rows that the sort does not cover yet.",
    ),
    Command(
        name="refresh",
        title="Refresh",
        help="Refresh in place and let waiting rows in.",
        keys=("R",),
    ),
    Command(name="copy", title="Copy", help="Copy id, name, path, JSON, URL, ...", keys=("y",)),
    Command(name="page_json", title="JSON in pager", help="The JSON in $PAGER.", keys=("e",)),
    Command(
        name="edit_json",
        title="JSON in editor",
        help="A read-only copy of the JSON in $EDITOR.",
        keys=("E",),
    ),
    Command(name="statistics", title="Statistics", help="The organization's counts.", keys=("S",)),
    Command(name="audit", title="Audit log", help="What was decided here, and when.", keys=("L",)),
    Command(
        name="command_line",
        title="Command line",
        help="Type a command's name or a row number.",
        keys=(":", "ctrl+p"),
    ),
    Command(name="key", title="API key", help="Type another API key, for this session only."),
    Command(name="redraw", title="Redraw", help="Draw the whole screen again."),
    Command(
        name="back",
        title="Back",
        help="One step back: scan, full width, range, marks, query.",
        keys=("escape",),
    ),
    Command(name="leave", title="Back or quit", help="Back; at the root quit.", keys=("q",)),
    Command(name="quit", title="Quit", help="Quit.", keys=("Q",)),
    Command(name="suspend", title="Suspend", help="Suspend to the shell.", keys=("ctrl+z",)),
    Command(name="cancel", title="Cancel", help="Cancel what runs; never quits.", keys=("ctrl+c",)),
)
