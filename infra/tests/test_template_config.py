"""`sam deploy --guided` saves its answers in samconfig.toml beside the template, where the next `sam build` keeps them."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from samcli.lib.bootstrap.bootstrap import SAM_CLI_STACK_NAME, _get_stack_template

import ports
import stack

SAM = Path(sys.executable).with_name("sam")
MOTO = Path(sys.executable).with_name("moto_server")
REGION = "us-east-1"

# In the order of the prompts; an empty line accepts the default, which the saved answers contain too.
ANSWERS = ["lab", "", "jdbc:postgresql://db.example.com/lab"] + [""] * 20
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  DatabaseUrl:
    Type: String
    Default: ""
Resources:
  Queue:
    Type: AWS::SQS::Queue
"""


@pytest.fixture(scope="module")
def environment():
    """Environment variables that direct SAM's CLI to an emulator with the stack that holds SAM's deployment bucket."""
    with ports.reserve() as port:
        # In its own process, because cloud.py changes moto in this one.
        server = subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_port(server, port)
            credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
            url = f"http://127.0.0.1:{port}"
            boto3.client(
                "cloudformation", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
            ).create_stack(
                StackName=SAM_CLI_STACK_NAME,
                TemplateBody=_get_stack_template(),
                Tags=[{"Key": "ManagedStackSource", "Value": "AwsSamCli"}],
            )
            yield {**os.environ, **credentials, "AWS_ENDPOINT_URL": url, "SAM_CLI_TELEMETRY": "0"}
        finally:
            server.terminate()
            server.wait()


def await_port(server, port):
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, "moto does not start"
            time.sleep(0.2)


def sam(folder, environment, *arguments, lines=()):
    return subprocess.run(
        [SAM, *arguments],
        cwd=folder,
        env=environment,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_answers_of_guided_deployment_survive_the_next_build(tmp_path, environment):
    shutil.copy(stack.ROOT / "samconfig.toml", tmp_path)
    (tmp_path / "sam-template.yaml").write_text(TEMPLATE)
    build = sam(tmp_path, environment, "build")
    assert build.returncode == 0, build.stderr

    guided = sam(tmp_path, environment, "deploy", "--guided", lines=ANSWERS)

    assert "Saved arguments to config file" in guided.stdout, guided.stdout + guided.stderr
    assert list((tmp_path / ".aws-sam" / "build").glob("samconfig*")) == []
    assert sam(tmp_path, environment, "build").returncode == 0
    saved = (tmp_path / "samconfig.toml").read_text()
    assert 'stack_name = "lab"' in saved
    assert ANSWERS[2] in saved
    # The next deployment uses them without questions.
    again = sam(tmp_path, environment, "deploy", "--no-confirm-changeset")
    assert "lab" in again.stdout and ANSWERS[2] in again.stdout, again.stdout + again.stderr


def test_deployment_uses_the_built_template(tmp_path, environment):
    """Only the built template names the packages of the functions."""
    shutil.copy(stack.ROOT / "samconfig.toml", tmp_path)
    (tmp_path / "sam-template.yaml").write_text(TEMPLATE)
    assert sam(tmp_path, environment, "build").returncode == 0

    deploy = sam(tmp_path, environment, "deploy", "--no-confirm-changeset", "--debug")

    assert f"Using SAM Template at {tmp_path / '.aws-sam' / 'build' / 'template.yaml'}" in deploy.stderr
