"""Errors that end a program with a message, and signals that end it."""
import signal
import sys
from collections.abc import Callable
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

AWS_ERRORS = (ClientError, BotoCoreError)


class Stop(Exception):
    """Ends the program with a message that contains what to do."""


def describe(error: Exception) -> str:
    return str(error.response["Error"]["Message"]) if isinstance(error, ClientError) else str(error)


def has_code(error: Exception, *codes: str) -> bool:
    """Returns whether an error is a response of AWS with one of these codes."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in codes


def run(program: str, main: Callable[[], None]) -> None:
    """Runs a program. If it fails or is interrupted, prints one message and exits with status 1.

    SIGTERM and SIGHUP end it as SIGINT does: temporary files are deleted, and child processes are killed.
    """
    def interrupt(number: int, _: FrameType | None) -> None:
        # Not an Exception, which boto3 would take for a failed request.
        raise KeyboardInterrupt(f"ended by {signal.Signals(number).name}")

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(number, interrupt)
    try:
        main()
    except (Stop, *AWS_ERRORS) as e:
        sys.exit(f"{program}: {describe(e)}")
    except KeyboardInterrupt as e:
        sys.exit(f"{program}: {str(e) or 'interrupted'}")
