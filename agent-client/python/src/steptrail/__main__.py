"""`python -m steptrail`: explains where the command is."""

import sys

if __name__ == "__main__":
    sys.exit(
        "The Python package contains no command. `steptrail ship`, `steptrail login` and the other "
        "commands are in the archive steptrail-X.Y.Z.zip of a release, and in agent-client/"
        "steptrail of a checkout."
    )
