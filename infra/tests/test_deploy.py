"""infra/deploy with the AWS SDK and the real SAM CLI, against moto."""
import re
import subprocess
import zipfile

import pytest

from deployments import DEPLOYED_URL, PASSWORD, RUN, SECRET, SMALL, deployed, planned, refuse, run


def sam(project, *arguments):
    done = subprocess.run(("sam",) + arguments, cwd=project.folder, env=project.cloud.environment(), universal_newlines=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout


def test_first_run_deploys_and_later_runs_ask_nothing(project):
    path = project.folder / "samconfig.toml"
    tracked = path.read_text()
    assert len(SMALL) <= 8

    output = run(project, *RUN, "--cdn", answers=SMALL[:6] + SMALL[7:])

    values = deployed(project)
    assert values["Profile"] == "small"
    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["DatabaseUser"] == "ann"
    assert values["DatabasePasswordParameter"] == SECRET
    assert re.fullmatch("[0-9a-f]{64}", values["ReleaseDigest"])
    assert "ApiUrl: https://api.example" in output
    assert "ann@example.com gets an invitation" in output

    # Deletion protection is off until the first deployment has succeeded, and turning it on publishes nothing.
    deployments = [call for call in project.recorded("sam") if call[1] == "deploy"]
    assert [next(word for word in call if word.startswith("DeletionProtection=")) for call in deployments] == [
        'DeletionProtection="false"', 'DeletionProtection="true"']
    assert len({next(word for word in call if word.startswith("ReleaseDigest=")) for call in deployments}) == 1
    assert values["DeletionProtection"] == "true"

    # The secrets are in SSM and nowhere else.
    for name, start in ((SECRET, PASSWORD), ("/steptrail/steptrail/cdn-private-key", "-----BEGIN PRIVATE KEY-----")):
        stored = project.cloud.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert (stored["Type"], stored["Version"]) == ("SecureString", 1)
        assert stored["Value"].startswith(start)
    assert values["CdnPublicKey"].startswith("-----BEGIN PUBLIC KEY-----\n")
    for file in [path for path in project.folder.rglob("*") if path.is_file()]:
        assert b"s3cret" not in file.read_bytes() and b"PRIVATE KEY" not in file.read_bytes(), file
    assert "s3cret" not in output and "PRIVATE KEY" not in output

    # The answers are in a file of the stack, and samconfig.toml is as before.
    config = project.configs()
    assert path.read_text() == tracked
    assert "DeletionProtection" not in config["samconfig.steptrail.toml"]

    # A second run asks nothing, and changes nothing.
    run(project, *RUN)
    assert deployed(project) == values
    assert project.configs() == config

    # SAM reads the same answers without the script. The digest is empty, so that SAM publishes changed code.
    sam(project, "build")
    sam(project, "deploy", "--config-file", "samconfig.steptrail.toml", "--no-confirm-changeset", "--no-fail-on-empty-changeset")
    assert deployed(project) == {**values, "ReleaseDigest": ""}


def test_mails_are_announced_only_by_the_run_that_sends_them(project):
    def mails(*arguments, answers=()):
        return [line.split(". ")[1].split(":")[0] for line in run(project, *RUN, *arguments, answers=answers).splitlines() if " gets a" in line]

    invitation = "ann@example.com gets an invitation with a temporary password"
    subscription = "ops@example.com gets a mail from AWS"
    assert mails(answers=SMALL[:5] + ("ops@example.com",) + SMALL[6:]) == [invitation, subscription]
    assert mails() == []
    assert mails("--set", "AlarmEmail=dev@example.com") == ["dev@example.com gets a mail from AWS"]


def test_no_invitation_is_announced_for_an_adopted_user_pool(project):
    pool = project.cloud.client("cognito-idp").create_user_pool(PoolName="users", AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})

    output = run(project, *RUN, "--set", f"ExistingUserPoolId={pool['UserPool']['Id']}", answers=SMALL)

    assert "Deployed the stack" in output and "gets an invitation" not in output


def test_removal_of_a_stack_keeps_the_zips_of_the_others(project):
    template = project.folder / "sam-template.yaml"
    template.write_text(template.read_text().replace("\nOutputs:", """
  ApiFunction:
    Type: AWS::Lambda::Function
    Properties:
      Code: functions/api/target/api.zip
      Handler: Handler
      Role: !GetAtt Role.Arn
      Runtime: java25
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}

Outputs:"""))
    with zipfile.ZipFile(project.zip("api"), "w") as archive:
        archive.writestr("Handler.class", "")
    guided = project.folder / "samconfig.toml"  # as 'sam deploy --guided' leaves it for the first stack
    guided.write_text(guided.read_text() + 's3_prefix = "prod"\n')
    for stack in ("prod", "dev"):
        run(project, *RUN, "--yes", "--no-cdn", "--stack", stack, "--profile", "small", "--set",
            f"DatabaseUrl=postgresql://ann@db.example.com/{stack}", answers=(PASSWORD, "", ""))

    def zips():
        s3 = project.cloud.client("s3")
        bucket, = (each["Name"] for each in s3.list_buckets()["Buckets"] if each["Name"].startswith("aws-sam-cli-managed-default"))
        return {each["Key"].split("/")[0] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []) if not each["Key"].endswith(".template")}

    assert zips() == {"prod", "dev"}
    sam(project, "delete", "--stack-name", "dev", "--no-prompts")
    assert zips() == {"prod"}


def test_run_without_the_saved_answers_keeps_the_deployed_values(project):
    project.create_stack(RetentionDays="30", DeletionProtection="true")

    values = planned(project, "--stack", "steptrail")

    assert "RetentionDays" not in values and "DatabaseUser" not in values  # SAM keeps the deployed values of the others
    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["DeletionProtection"] == "true"


def test_check_and_dry_run_change_nothing(project):
    config = project.configs()

    for option in ("--check", "--dry-run"):
        output = run(project, *RUN, option, answers=SMALL[:-1])
        assert "All checks passed." in output
        assert "s3cret" not in output
    assert "sam deploy --config-file samconfig.steptrail.toml --stack-name steptrail" in output
    assert project.cloud.client("cloudformation").list_stacks()["StackSummaries"] == []
    assert project.cloud.client("ssm").describe_parameters()["Parameters"] == []
    assert project.configs() == config


def test_declined_creation_changes_nothing(project):
    assert refuse(project, *RUN, answers=SMALL[:-1] + ("n",)) == "infra/deploy: Nothing was deployed."


def test_digest_changes_with_the_code_the_parameters_and_the_secrets_only(project):
    project.create_stack(IngestConcurrency="10")

    def digest(*arguments):
        return planned(project, "--stack", "steptrail", *arguments)["ReleaseDigest"]

    first = digest()
    assert digest() == first
    assert digest("--set", "UrlLifetime=PT5M") == first  # the default
    assert digest("--set", "DeletionProtection=false") == first
    changed = [digest("--set", "UrlLifetime=PT6M")]
    project.cloud.client("ssm").put_parameter(Name=SECRET, Value="another", Type="SecureString", Overwrite=True)
    changed.append(digest())
    project.zip("api").write_bytes(b"new code")
    changed.append(digest())
    assert len({first, *changed}) == 4


def test_interrupted_first_run_turns_deletion_protection_on_at_the_next_run(project):
    project.create_stack(DeletionProtection="false")

    assert planned(project, "--stack", "steptrail")["DeletionProtection"] == "true"
    assert planned(project, "--stack", "steptrail", "--set", "DeletionProtection=false")["DeletionProtection"] == "false"


def test_new_stack_is_not_protected_even_if_the_last_one_was(project):
    project.save_answers("steptrail", Profile="standard", DeletionProtection="true")

    assert planned(project)["DeletionProtection"] == "false"
    assert planned(project, "--set", "DeletionProtection=true")["DeletionProtection"] == "true"


def test_deletion_protection_is_no_answer(project):
    project.create_stack(DeletionProtection="true")
    project.save_answers("steptrail", Profile="small", DatabaseUrl=DEPLOYED_URL, DatabasePasswordParameter=SECRET, DatabaseUser="ann",
                         DeletionProtection="false")  # as 'sam deploy --guided' saves it

    run(project, *RUN, "--set", "DeletionProtection=false")
    assert deployed(project)["DeletionProtection"] == "false"
    assert "DeletionProtection" not in project.configs()["samconfig.steptrail.toml"]

    run(project, *RUN)
    assert deployed(project)["DeletionProtection"] == "true"


def test_stack_that_is_deployed_again_is_protected_after_success(project):
    project.create_stack()
    project.save_answers("steptrail", Profile="small", DatabaseUrl=DEPLOYED_URL, DatabasePasswordParameter=SECRET, DatabaseUser="ann",
                         DeletionProtection="false")
    project.cloud.client("cloudformation").delete_stack(StackName="steptrail")

    run(project, *RUN, "--yes")

    values = [next(word for word in call if word.startswith("DeletionProtection=")) for call in project.recorded("sam") if call[1] == "deploy"]
    assert values == ['DeletionProtection="false"', 'DeletionProtection="true"']


def test_failed_deployment_keeps_the_answers_for_the_next_try(project):
    status, output = project.run("deploy", *RUN, answers=SMALL, AWS_ENDPOINT_URL_S3="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1")

    assert status == 1
    assert "infra/deploy: 'sam deploy' failed" in output.splitlines()[-1]
    run(project, *RUN, "--yes")
    assert deployed(project)["AdminEmail"] == "ann@example.com"


@pytest.mark.parametrize("arguments, answers, message", [
    (("--stack", "1st"), (), "'1st' is not a valid stack name"),
    (("--stack", "s" * 41), (), "is not a valid stack name. Use at most 40 letters"),
    (("--set", "Retention=1"), (), "--set Retention: sam-template.yaml has no such parameter"),
    (("--set", "JwtIssuer=http://id.example"), SMALL, "JwtIssuer='http://id.example' is not allowed. Use a value that matches ^(https://.+)?$"),
    (("--set", "JwtIssuer=https://id.example"), SMALL, "JwtIssuer requires JwtAudience. Change the values with --set"),
    ((), ("steptrail", "large"), "'large' is not a profile"),
    ((), ("steptrail", "small", "mysql://x/y"), "not like postgresql://USER@HOST:PORT/DATABASE"),
    ((), ("steptrail", "small", "jdbc:postgresql://h/d?password=x"), "must not contain a user or a password"),
    ((), ("steptrail", "small", "postgresql://ann@h/d?password=x"), "must not contain a user or a password"),
    ((), ("steptrail", "small", "postgresql://h/d"), "The connection string has no user"),
    ((), ("steptrail",), "No answer to 'Profile"),
])
def test_wrong_input_is_reported_with_what_to_do(project, arguments, answers, message):
    assert message in refuse(project, *RUN, *arguments, answers=answers)


def test_old_and_missing_java_is_named(project):
    wrapper = project.wrapper("java")
    wrapper.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    assert "java 11.0.2 is too old; version 17 or later is needed. Install a JDK" in refuse(project, *RUN, JAVA_HOME="")

    wrapper.unlink()
    assert "'java' is not installed. Install a JDK" in refuse(project, *RUN, JAVA_HOME="/nonexistent")


def test_missing_region_and_credentials_are_named(project):
    assert "No region is set. Run 'aws configure set region REGION'" in refuse(project, *RUN, "--stack", "steptrail", AWS_REGION="",
                                                                                      AWS_DEFAULT_REGION="")
    assert "No valid AWS credentials: " in refuse(project, *RUN, "--stack", "steptrail", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="",
                                                  AWS_EC2_METADATA_DISABLED="true", HOME="/nonexistent")


def test_unreachable_region_is_not_reported_as_missing_credentials(project):
    refusal = refuse(project, *RUN, "--stack", "steptrail", "--region", "eu-centrall-1", AWS_ENDPOINT_URL_STS="http://127.0.0.1:1",
                     AWS_MAX_ATTEMPTS="1")
    assert "Cannot reach AWS in the region 'eu-centrall-1': Could not connect to the endpoint URL" in refusal
    assert "credentials" not in refusal

    assert "Cannot reach AWS in the region 'eu central'" in refuse(project, *RUN, "--stack", "steptrail", "--region", "eu central")


def test_missing_zips_are_named(project):
    project.zip("api").unlink()

    assert refuse(project, *RUN, answers=SMALL) == (
        "infra/deploy: Missing: functions/api/target/api.zip. Run infra/deploy without --no-build.")
