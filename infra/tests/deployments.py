"""Runs of infra/deploy, and the answers that they need."""
import shlex

PASSWORD = "s3cret 'with\" quotes"
SMALL = ("steptrail", "small", "postgresql://ann@db.example.com:5432/steptrail?sslmode=require", PASSWORD, "ann@example.com", "", "n", "y")
STANDARD = ("steptrail", "", "", "n", "y")
RUN = ("--no-build", "--skip-database-check")
DRY_RUN = RUN + ("--dry-run",)
SECRET = "/steptrail/steptrail/database-password"
DEPLOYED_URL = "jdbc:postgresql://db.example.com:5432/steptrail"
OPTIONS = ("--stack", "steptrail", "--profile", "small", "--set", "DatabaseUrl=postgresql://ann@db.example.com/steptrail", "--set",
           "AdminEmail=", "--set", "AlarmEmail=", "--no-cdn")


def deployed(project, stack="steptrail"):
    """Returns the parameters of the stack."""
    found = project.cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}


def run(project, *arguments, answers=(), **environment):
    """Runs the script, and returns its output."""
    status, output = project.run("deploy", *arguments, answers=answers, **environment)
    assert status == 0, output
    return output


def refuse(project, *arguments, answers=(), **environment):
    """Runs the script, which must fail and create nothing, and returns its message."""
    def state():
        stacks = project.cloud.client("cloudformation").list_stacks()["StackSummaries"]
        secrets = project.cloud.client("ssm").describe_parameters()["Parameters"]
        return [stack["StackId"] for stack in stacks], [(secret["Name"], secret["Version"]) for secret in secrets], project.config()

    before = state()
    status, output = project.run("deploy", *arguments, answers=answers, **environment)
    assert status == 1, output
    assert state() == before
    return output.splitlines()[-1]


def planned(project, *arguments, answers=()):
    """Returns the parameters that the script would deploy."""
    output = run(project, *DRY_RUN, *arguments, answers=answers)
    command = shlex.split(output[output.index("\nsam deploy "):])
    return {word.split("=", 1)[0]: word.split("=", 1)[1][1:-1].replace('\\"', '"')
            for word in command[command.index("--parameter-overrides") + 1:]}


def repeated(output):
    """Returns the arguments of the printed command that repeats a run."""
    return shlex.split(output.split("To run it again with the same answers:\n")[1].splitlines()[0])[1:]
