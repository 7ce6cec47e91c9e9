import os
import signal
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]  # of the tests, and of the package deployment
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-2")  # SAM's translator asks boto3 for a region
os.environ["SAM_CLI_TELEMETRY"] = "0"
# A background process of a shell ignores SIGINT, and so would the scripts that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

import cloud  # noqa: E402
import stack  # noqa: E402


@pytest.fixture(params=stack.SCENARIOS, scope="session")
def deployed(request):
    """The resolved template of each scenario."""
    return stack.Stack.of(stack.SCENARIOS[request.param])


@pytest.fixture(scope="module")
def account():
    account = cloud.Cloud()
    yield account
    account.close()


@pytest.fixture
def project(account, tmp_path):
    """A checkout with the scripts, and an empty account."""
    account.reset()
    return cloud.Project(tmp_path, account)
