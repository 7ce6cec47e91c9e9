"""What the steps of a deployment share."""
from dataclasses import dataclass, field

from .account import Account
from .answers import saved_salt
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

    @property
    def release_salt(self) -> str:
        """Returns a salt of the release digest if the stack's last update was rolled back, or an earlier one was; otherwise an empty string.

        The rolled-back update has published its versions, which Lambda keeps. With an equal digest, a second try would change nothing in the
        functions since then, Lambda would publish no version, and CloudFormation would fail with "A version for this Lambda function exists".
        The salt is saved, so that a run after the successful try computes the same digest.
        """
        return self.stack.rolled_back_at or saved_salt(self.stack.name)

    def name_secret(self, parameter: str, suffix: str) -> str:
        """Returns the name of a secret in SSM, after setting its parameter if it is empty."""
        name = self.values[parameter] or f"/steptrail/{self.stack.name}/{suffix}"
        self.values.chosen[parameter] = name
        return name
