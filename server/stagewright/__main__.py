"""`python -m stagewright` is the same as the console script."""

from stagewright.cli import main

main()
