"""A driver for Textual that sends a terminal only the cells that changed, for slow links.

It imports nothing of the rest of this program, and another Textual program takes it by its class:

    from gerra_tui.terminal.driver import CellDriver

    MyApp(driver_class=CellDriver).run()

Nothing else changes: widgets, screens, styles, `App.suspend` and resizing are Textual's own. With
`choose_driver(os.environ)` in place of the class, GERRA_RAW=1 brings Textual's own driver back.
`CellDriver.redraw` draws all again after something else has written to the terminal. `inline=True`
and headless apps never use a driver class, and neither does Windows have this one.

`driver` is the door. Behind it `painter` has the grids of what is wanted and what is shown
(`frame`, `grid`, `style`) and writes their difference (`encode`, `spans`, `shift`, `movement`);
`pacing` and `inquiry` hold frames back while the terminal is behind; `replies` and `keys` take its
answers out of what is typed. `clipboard` and `capabilities` can be used by themselves.
"""
