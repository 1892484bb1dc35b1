"""Every endpoint as a command, made from the declarations in `wxkf.api`; loaded when one of them is asked for.

`tree` finds the endpoints and names them, `prose` and `words` say what they are, `reading` turns words of a command
line into arguments, `build` makes the commands, `perform` runs them, `show` and `table` print what came back. Only
`mount` is imported by the command line itself, and imports nothing of ours but texts.
"""
