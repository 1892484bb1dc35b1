"""`python -m wxkf` is `wxkf`."""

from wxkf.cli import main

main()
