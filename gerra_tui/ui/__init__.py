"""What the reviewer sees and types.

`app` has the screens and the guards in front of their keys; `workplace` is what screens are
given. From a key to a command: `keys/`. From a value to text: `present/`. What paints:
`widgets/`, `dialogs/`, `screens/`, `review/`.
"""
