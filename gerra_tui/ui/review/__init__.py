"""The review screen.

`screen` is what Textual knows of it, `flows` all that stands on one desk. Below it the flows, each
what a kind of key does, and each given those below it that it needs: `resuming`, `leaving`,
`opening`, `api_key`; `deciding`; `recording`, `marking`, `narrowing`, `views`, `copying`;
`listing`, `moving`, `outcomes`. All stand on `displayed` (which dataset, which pane) and on `desk`
(services, widgets, a way to speak). The order is a contract in `pyproject.toml`.
"""
