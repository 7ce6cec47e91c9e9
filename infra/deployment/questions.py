"""Questions on the terminal, or answered by the lines of standard input."""
import getpass
import re
import sys
from collections.abc import Callable

from .errors import Stop

Check = Callable[[str], "str | None"]  # returns what is wrong with an answer


class Questions:
    def __init__(self, is_confirmed: bool) -> None:
        self.is_confirmed = is_confirmed
        self.has_asked = False

    def ask(self, question: str, default: str = "", secret: bool = False, check: Check | None = None, option: str = "--set NAME=VALUE") -> str:
        """Asks a question. On a terminal it is repeated until the answer is valid.

        Not click.prompt, which reads a password from the terminal even if standard input is a pipe, and takes an interrupt for the end of
        the input.

        option -- what answers the question on the command line
        """
        is_terminal = sys.stdin.isatty()
        prompt = f"{question}{f' [{default}]' if default and not secret else ''}: "
        while True:
            if secret and is_terminal:
                answer = getpass.getpass(prompt)
            else:
                print(prompt, end="" if is_terminal else "\n", flush=True)
                answer = sys.stdin.readline()
                if not answer:
                    raise Stop(f"No answer to '{question}'. Answer it on standard input, or use {option}.")
            answer = answer.strip() or default
            problem = check(answer) if check else None
            if not problem:
                self.has_asked = True
                return answer
            if not is_terminal:
                raise Stop(problem)
            print(problem)

    def confirm(self, question: str, default: bool = True) -> bool:
        if self.is_confirmed:
            return True
        answer = self.ask(f"{question} [{'Y/n' if default else 'y/N'}]", check=invalid_consent, option="--yes").lower()
        return answer in ("y", "yes") or (default and not answer)


def invalid_address(answer: str) -> str | None:
    return None if not answer or re.fullmatch(r"[^@ ]+@[^@ ]+", answer) else f"'{answer}' is not an e-mail address."


def invalid_consent(answer: str) -> str | None:
    return None if answer.lower() in ("", "y", "yes", "n", "no") else f"'{answer}' is not an answer. Answer y or n."


def invalid_profile(answer: str) -> str | None:
    return None if answer in ("small", "standard") else f"'{answer}' is not a profile. Answer small or standard."
