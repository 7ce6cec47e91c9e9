import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-2")  # SAM's translator asks boto3 for a region
os.environ["SAM_CLI_TELEMETRY"] = "0"
# A background process of a shell ignores SIGINT, and so would the scripts that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

import stack  # noqa: E402


@pytest.fixture(params=stack.SCENARIOS, scope="session")
def deployed(request):
    """The resolved template of each scenario."""
    return stack.Stack.of(stack.SCENARIOS[request.param])
