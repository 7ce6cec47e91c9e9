"""What the steps of a deployment share."""
from dataclasses import dataclass, field

from .account import Account
from .options import Options
from .questions import Questions
from .stack import Stack
from .values import Values


@dataclass(frozen=True)
class Context:
    options: Options
    questions: Questions
    account: Account
    stack: Stack
    values: Values
    new_secrets: dict[str, str] = field(default_factory=dict)  # by their name in SSM, where they are stored after the last question

    @property
    def asks(self) -> bool:
        """Returns whether to ask what is not given, although it may have a value."""
        return self.options.ask or not (self.values.saved or self.values.deployed)

    def name_secret(self, parameter: str, suffix: str) -> str:
        """Returns the name of a secret in SSM, after setting its parameter if it is empty."""
        name = self.values[parameter] or f"/steptrail/{self.stack.name}/{suffix}"
        self.values.chosen[parameter] = name
        return name
