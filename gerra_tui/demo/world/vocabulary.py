"""The words the demo's datasets are made of."""

from __future__ import annotations

ROBOTS = (
    ("SO-101", "so101_follower", 6),
    ("SO-100", "so100_follower", 6),
    ("Koch v1.1", "koch_follower", 6),
    ("ALOHA 2", "aloha2_bimanual", 14),
    ("Franka FR3", "franka_fr3", 7),
    ("UR5e", "ur5e_robotiq_2f85", 6),
    ("xArm 7", "xarm7", 7),
    ("Stretch 3", "hello_stretch_3", 8),
    ("Unitree G1", "unitree_g1", 29),
    ("Reachy 2", "pollen_reachy2", 14),
)
"""Name, LeRobot's `robot_type`, number of joints."""

TASKS = (
    ("stack cups", "Stack the three paper cups, smallest on top."),
    ("pick and place cube", "Pick up the red cube and place it in the blue bin."),
    ("fold towel", "Fold the towel twice and lay it on the left stack."),
    ("open drawer", "Open the top drawer, take out the spoon, close the drawer."),
    ("wipe counter", "Wipe the counter with the yellow sponge until the stain is gone."),
    ("insert peg", "Insert the 8 mm peg into the square block."),
    ("pour water", "Pour water from the jug into the glass up to the mark."),
    ("sort screws", "Sort the screws by length into the three trays."),
    ("hang mug", "Hang the mug by its handle on the rack."),
    ("plug in cable", "Plug the USB-C cable into the port on the test board."),
    ("load dishwasher", "Put the two plates into the lower rack of the dishwasher."),
    ("bag groceries", "Put the six groceries into the paper bag, heavy ones first."),
    ("fasten bolt", "Fasten the M6 bolt by hand, then with the driver."),
    ("water plant", "Water the plant on the sill without spilling."),
)

OBJECTS = ("red mug", "green bottle", "steel bowl", "cereal box", "tennis ball", "screwdriver",
           "paper towel", "glass jar", "remote control", "wooden spoon", "dispenser")  # fmt: skip
SURFACES = ("wooden table", "kitchen counter", "steel workbench", "conveyor", "shelf", "tray")
ROOMS = ("kitchen", "workshop", "lab bench", "laundry room", "warehouse aisle", "office desk")
LIGHTS = ("daylight", "overhead LED", "warm evening light", "single desk lamp", "overcast window")
SITES = ("lab-berlin", "lab-zürich", "cell-4", "warehouse-7", "field-北京", "studio-são-paulo")
OPERATORS = tuple(f"op_{number:02}" for number in range(1, 25))
CAMERAS = ("front", "wrist", "overhead", "left", "right")
SHIFTS = ("day shift", "night shift", "early shift")
SENSORS = ("thermal", "force_torque", "imu", "lidar", "joint_state", "tactile", "power")
CODECS = ("av1", "h264", "hevc")
GENERATORS = ("gerra-world-2", "gerra-world-3-preview", "dreamfield-xl")
TAGS = ("teleop", "bimanual", "long-horizon", "recheck", "pilot", "customer-a", "retake",
        "gripper-v2", "low-light", "unscripted", "calibrated")  # fmt: skip

REASONS = {
    0: (
        "Frames or samples lost or irregular: {n} gaps, longest {ms} ms at 0:{s:02}",
        "Too little happens: {p}% idle, from 0:{s:02} to the end",
        "Task not completed, cut short or not the stated one: the gripper never closes",
        "Camera view unusable: gripper out of frame at 0:{s:02}",
        "Streams out of step: front vs wrist by {ms} ms",
        "Metadata contradicts the data: fps says 30, file has 29.97",
        "Required part missing: videos/chunk-000/wrist",
    ),
    1: (
        "Physically impossible: the mug vanishes at 0:0{d}",
        "Hands or robot wrong: six fingers on the left hand at 0:0{d}",
        "Does not show what the prompt asked: nothing is placed on the tray",
        "Camera view unusable: hand out of frame at 0:0{d}",
    ),
    2: (
        "Physically impossible: the arm passes through the table at 0:0{d}",
        "Hands or robot wrong: the gripper has three jaws at 0:0{d}",
        "Does not show what the prompt asked: the cup is touched; or wrong viewpoint",
        "Physically impossible: the object changes its colour at 0:0{d}",
    ),
    3: (
        "Sensor fault in ft_wrench.fz: clipped",
        "Sensor fault in joint_states.1: stuck for {p}% of the time",
        "Frames or samples lost or irregular: {n} gaps, longest {ms} ms at 0:{s:02}",
        "Required part missing: battery.v",
        "File damaged or incomplete: telemetry.csv unreadable",
    ),
}
"""By type's number: what reviewers gave as the reason of a rejection."""
