"""An AWS account for the tests of the scripts: moto's server in this process, and programs that record their arguments."""
import functools
import json
import os
import pathlib
import pty
import re
import shutil
import stat
import subprocess
import sys
import threading
import time

import boto3
import pytest
import requests
from moto.awslambda import urls as lambda_urls
from moto.awslambda.responses import LambdaResponse
from moto.cloudformation.models import ChangeSet, cloudformation_backends
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.rds.responses import RDSResponse
from moto.s3.models import s3_backends

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent.parent
REGION = "eu-central-1"
ACCOUNT = "123456789012"

_LIMITS = {}
_ENGINE_VERSIONS = []
_KEPT = {}


def _account_settings(*_):
    return 200, {"Content-Type": "application/json"}, json.dumps({"AccountLimit": _LIMITS, "AccountUsage": {"FunctionCount": 0}})


def _describe_engine_versions(_):
    return ActionResult({"DBEngineVersions": [{"Engine": "aurora-postgresql", "EngineVersion": version} for version in _ENGINE_VERSIONS]})


def _list_stack_resources(self, original=CloudFormationResponse.list_stack_resources):
    name = self._get_param("StackName")
    if name not in _KEPT:
        return original(self)
    return ActionResult({"StackResourceSummaries": [
        {"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": "AWS::Test::Kept", "ResourceStatus": "DELETE_SKIPPED"}
        for logical, physical in _KEPT[name].items()]})


def _apply(self, original=ChangeSet.apply):
    original(self)
    self.stack.template, self.stack.parameters = self.template, self.parameters
    self.stack._parse_template()
    self.stack.output_map = self.stack._create_output_map()


class Cloud:
    """The account. `close` ends its server and removes the additions to moto, which other tests do not expect."""

    def __init__(self):
        assert not hasattr(LambdaResponse, "get_account_settings"), "moto has GetAccountSettings now: use it instead"
        self.additions = pytest.MonkeyPatch()
        # Two operations that moto does not have.
        self.additions.setitem(lambda_urls.url_paths, r"{0}/(?P<api_version>[^/]+)/account-settings/?$", _account_settings)
        self.additions.setattr(RDSResponse, "describe_db_engine_versions", _describe_engine_versions, raising=False)
        # moto reports each resource of a deleted stack as CREATE_COMPLETE. CloudFormation reports those that it kept as DELETE_SKIPPED.
        self.additions.setattr(CloudFormationResponse, "list_stack_resources", _list_stack_resources)
        # moto finds only templates at an address of Amazon S3.
        self.additions.setattr(CloudFormationResponse, "_get_stack_from_s3_url", lambda _, url: s3_backends[ACCOUNT]["aws"].get_object(
            *url.split("/", 4)[3:]).value.decode())
        # moto does not set the outputs of a stack when it executes a change set.
        self.additions.setattr(ChangeSet, "apply", _apply)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.endpoint = "http://%s:%d" % self.server.get_host_and_port()
        self._is_held, self._reached, self._released = None, None, threading.Event()
        self._answer, self.server._server.app = self.server._server.app, self._hold_and_answer
        self.reset()

    def close(self):
        self.reset()
        self.server.stop()
        self.additions.undo()

    def reset(self):
        requests.post(self.endpoint + "/moto-api/reset", timeout=10).raise_for_status()
        self.set_quota(1000)
        _ENGINE_VERSIONS[:] = ["16.8", "17.4", "17.5"]

    def _hold_and_answer(self, environ, start_response):
        if self._is_held and self._is_held(environ):
            self._reached.touch()
            self._released.wait(60)
        return self._answer(environ, start_response)

    def hold(self, is_held, reached):
        """Makes the server create the file `reached` at a request whose WSGI environment `is_held` accepts, and wait for `release`."""
        self._is_held, self._reached = is_held, reached
        self._released.clear()

    def release(self):
        self._is_held = None
        self._released.set()

    @staticmethod
    def set_quota(executions, unreserved=None):
        _LIMITS.update(ConcurrentExecutions=executions, UnreservedConcurrentExecutions=executions if unreserved is None else unreserved)

    @staticmethod
    def offer_engines(*versions):
        _ENGINE_VERSIONS[:] = versions

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, aws_access_key_id="a", aws_secret_access_key="b")

    def stack(self, name="steptrail"):
        """Returns moto's stack, for example to change its status."""
        stacks = cloudformation_backends[ACCOUNT][REGION]
        return next(stack for stack in list(stacks.stacks.values()) + list(stacks.deleted_stacks.values()) if stack.name == name)

    def keep(self, stack, resources):
        """Sets the resources that CloudFormation kept when it deleted a stack. moto has deleted the bucket, so it is created again."""
        _KEPT[stack.stack_id] = resources
        if "Bucket" in resources:
            self.client("s3").create_bucket(
                Bucket=resources["Bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})

    def environment(self, **more):
        kept = {name: os.environ[name] for name in ("HOME", "JAVA_HOME", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept, "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}", "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": "/dev/null",
            "SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.1", "PYTHONUNBUFFERED": "1", **more}


def _version_option(program):
    return "-version" if program == "java" else "--version"


@functools.cache
def _version(program, real):
    """Returns what the program prints as its version, which each run of a script reads."""
    return subprocess.run([real, _version_option(program)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True).stdout.rstrip("\n")


class Project:
    """A copy of the checkout's scripts and of the template's parameters, with a few resources that moto can create.

    The programs that the scripts call are on the PATH behind wrappers, which record the arguments.
    """

    RESOURCES = """
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  StepsQueue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain

Outputs:
  ApiUrl:
    Value: https://api.example
  ViewerUrl:
    Value: https://api.example/
  BucketName:
    Value: !Ref Bucket
"""

    def __init__(self, folder, cloud):
        self.folder = folder
        self.cloud = cloud
        (folder / "infra").mkdir()
        for script in ("deploy", "backup", "python-environment.sh"):
            shutil.copy(CHECKOUT / "infra" / script, folder / "infra" / script)
        shutil.copytree(CHECKOUT / "infra/deployment", folder / "infra/deployment", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(CHECKOUT / "samconfig.toml", folder)
        parameters = re.search(r"^Parameters:\n.*?(?=^Conditions:)", (CHECKOUT / "sam-template.yaml").read_text(), re.S | re.M).group()
        (folder / "sam-template.yaml").write_text("AWSTemplateFormatVersion: '2010-09-09'\n" + parameters + self.RESOURCES)
        for name in ("api", "export", "ingest", "operations"):
            self.zip(name).parent.mkdir(parents=True)
            self.zip(name).write_bytes(name.encode())
        self.calls = folder / "calls.jsonl"
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.environment = self._link_environment()
        path = cloud.environment()["PATH"]
        for program in ("sam", "java", "pg_dump", "pg_restore", "psql"):
            real = shutil.which(program, path=path)
            if real:
                self.wrap(program, f"if sys.argv[1:] == [{_version_option(program)!r}]: sys.exit(print({_version(program, real)!r}))\n"
                                   f"os.execv({real!r}, [{real!r}] + sys.argv[1:])\n")

    def _link_environment(self):
        """Gives the scripts the packages of this process, as if they had installed them."""
        command = ". ./python-environment.sh; environment_folder deployment deployment/requirements.txt"
        environment = pathlib.Path(subprocess.run(["bash", "-euc", command], cwd=self.folder / "infra", env={**os.environ, **self.variables()},
                                                  stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout.strip())
        (environment / "bin").mkdir(parents=True)
        for name in ("bin/python", "lib", "pyvenv.cfg"):
            (environment / name).symlink_to(pathlib.Path(sys.prefix) / name)
        (environment / "installed").touch()
        return environment

    def wrapper(self, program):
        return (self.environment / "bin" if program == "sam" else self.programs) / program

    def wrap(self, program, source):
        """Puts a program in front of the real one, which records its arguments and then runs the source (Python)."""
        wrapper = self.wrapper(program)
        wrapper.write_text(f"#!{sys.executable} -IS\nimport json, os, sys, time\n"
                           f"open({str(self.calls)!r}, 'a').write(json.dumps([{program!r}] + sys.argv[1:]) + '\\n')\n{source}")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)

    def zip(self, name):
        return self.folder / "functions" / name / "target" / f"{name}.zip"

    def create_stack(self, name="steptrail", **parameters):
        """Creates the project's stack without the script, and its secret."""
        secret = f"/steptrail/{name}/database-password"
        values = {"Profile": "small", "DatabaseUrl": "jdbc:postgresql://db.example.com:5432/steptrail", "DatabaseUser": "ann",
                  "DatabasePasswordParameter": secret, **parameters}
        self.cloud.client("ssm").put_parameter(Name=secret, Value="the password", Type="SecureString", Overwrite=True)
        self.cloud.client("cloudformation").create_stack(
            StackName=name, TemplateBody=(self.folder / "sam-template.yaml").read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()])

    def save_answers(self, stack, **values):
        """Writes a stack's answers as infra/deploy does."""
        overrides = " ".join(f'{name}=\\"{value}\\"' for name, value in values.items())
        (self.folder / f"samconfig.{stack}.toml").write_text(
            f'version = 0.1\n\n[default.deploy.parameters]\nstack_name = "{stack}"\nparameter_overrides = "{overrides}"\n')

    def run(self, script, *arguments, answers=(), **environment):
        """Runs a script with a line of standard input for each answer. Returns its exit status and its output."""
        process = self.start(script, *arguments, **environment)
        output, _ = process.communicate("".join(f"{answer}\n" for answer in answers), timeout=300)
        return process.returncode, output

    def variables(self, **environment):
        """Returns the environment of a script."""
        variables = self.cloud.environment(XDG_CACHE_HOME=str(self.folder / "cache"), **environment)
        return {**variables, "PATH": f"{self.programs}:{variables['PATH']}"}

    def start(self, script, *arguments, **environment):
        return subprocess.Popen([str(self.folder / "infra" / script), *arguments], env=self.variables(**environment),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)

    def run_on_terminal(self, script, *arguments, answers):
        """Runs a script on a terminal, and returns its exit status and what the terminal shows."""
        child, terminal = pty.fork()
        if child == 0:
            path = str(self.folder / "infra" / script)
            os.execve(path, [path, *arguments], self.variables())
        shown, left = "", list(answers)
        while True:
            try:
                shown += os.read(terminal, 4096).decode()
            except OSError:  # the program has ended
                break
            if shown.endswith(": "):
                assert left, shown
                os.write(terminal, f"{left.pop(0)}\n".encode())
        return os.waitpid(child, 0)[1], shown.replace("\r\n", "\n")

    def interrupt(self, signal, script, *arguments, answers=(), at):
        """Runs a script until it waits for a program or for AWS, and sends it a signal there.

        at -- a program and the condition on sys.argv where it waits, or the condition on a request (its WSGI environment)

        Returns the files that the script left in its temporary directory, its exit status and its output.
        """
        temporary, reached = self.folder / "temporary", self.folder / "reached"
        temporary.mkdir()
        if callable(at):
            self.cloud.hold(at, reached)
        else:
            program, condition = at
            original = self.wrapper(program).read_text().split("\n", 3)[3]
            self.wrap(program, f"if {condition}:\n    open({str(reached)!r}, 'w').close()\n    time.sleep(60)\n{original}")
        try:
            process = self.start(script, *arguments, TMPDIR=str(temporary))
            process.stdin.write("".join(f"{answer}\n" for answer in answers))
            process.stdin.flush()
            for _ in range(1200):
                if reached.exists() or process.poll() is not None:
                    break
                time.sleep(0.1)
            assert reached.exists(), process.communicate()[0]
            process.send_signal(signal)
            time.sleep(0.5)  # until the script has received it
        finally:
            self.cloud.release()
        output, _ = process.communicate(timeout=120)
        return list(temporary.rglob("*")), process.returncode, output

    def recorded(self, program=None):
        calls = [json.loads(line) for line in self.calls.read_text().splitlines()] if self.calls.exists() else []
        return [call for call in calls if program in (None, call[0])]

    def config(self):
        """Returns the text of the configuration files of the SAM CLI."""
        return "".join(text for _, text in sorted(self.configs().items()))

    def configs(self):
        """Returns the configuration files of the SAM CLI: samconfig.toml, which git tracks, and the answers of each stack."""
        return {path.name: path.read_text() for path in self.folder.glob("samconfig*.toml")}
