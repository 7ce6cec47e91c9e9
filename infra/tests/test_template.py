"""Checks of sam-template.yaml as CloudFormation receives it: its parameters, references, names and what it retains."""

import json
import re

import pytest

import stack
from deployment.template import Template
from stack import ISSUER, SCENARIOS, SMALL, STANDARD, Stack

ALIAS = "live"

# Resources that survive the deletion of the stack, and why.
RETAINED = {
    "Bucket": "holds screenshots, attachments and archives",
    "Cluster": "holds the steps",
    "Instance": "serves the cluster",
    "Key": "encrypts the retained data",
    "StepsQueue": "may hold steps that are not written yet",
    "StepsQueuePolicy": "keeps the retained queue closed to requests without TLS",
    "StepsDeadLetterQueue": "may hold steps that could not be written",
    "StepsDeadLetterQueuePolicy": "keeps the retained queue closed to requests without TLS",
    "UserPool": "a user's id owns the user's tasks",
    "AdminGroup": "part of the user pool",
    "AdminUser": "part of the user pool",
    "AdminMembership": "part of the user pool",
    "Vpc": "network of the cluster",
    "SubnetA": "network of the cluster",
    "SubnetB": "network of the cluster",
    "DatabaseSecurityGroup": "attached to the cluster",
    "FunctionsSecurityGroup": "the cluster's security group refers to it",
    "SubnetGroup": "attached to the cluster",
    "ClusterParameters": "attached to the cluster",
}

# The functions' variables. None contains a secret.
ENVIRONMENT = {
    "STEPTRAIL_ADMIN_CLAIM", "STEPTRAIL_ADMIN_VALUE", "STEPTRAIL_API_CONNECTIONS", "STEPTRAIL_AUDIT_RETENTION", "STEPTRAIL_BUCKET",
    "STEPTRAIL_CDN_KEY_ID", "STEPTRAIL_CDN_ORIGIN", "STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER", "STEPTRAIL_CLIENT_ID",
    "STEPTRAIL_DATABASE_AUTH", "STEPTRAIL_DATABASE_LOGIN_PARAMETER", "STEPTRAIL_DATABASE_PASSWORD_PARAMETER", "STEPTRAIL_DATABASE_URL",
    "STEPTRAIL_DATABASE_USER", "STEPTRAIL_EXISTING_STACK", "STEPTRAIL_EXPORTS_QUEUE_URL", "STEPTRAIL_INGEST_CONCURRENCY", "STEPTRAIL_ISSUER",
    "STEPTRAIL_JOBS_QUEUE_URL", "STEPTRAIL_LOGIN_PARAMETERS", "STEPTRAIL_METRICS", "STEPTRAIL_RETENTION", "STEPTRAIL_SIGN_IN_ORIGIN",
    "STEPTRAIL_MAINTENANCE_RATE", "STEPTRAIL_STACK", "STEPTRAIL_URL_LIFETIME",
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_rules_accept_each_scenario(name):
    assert Template.read(stack.TEMPLATE).broken_rules(SCENARIOS[name]) == []


@pytest.mark.parametrize(
    "parameters, sentence",
    [
        ({}, "Profile=small requires DatabaseUrl"),
        ({"DatabaseUrl": SMALL["DatabaseUrl"]}, "Profile=small requires DatabaseUrl"),
        ({**SMALL, "SnapshotIdentifier": "last"}, "require Profile=standard"),
        ({**STANDARD, **SMALL}, "Profile=standard creates its own database"),
        ({**SMALL, "JwtIssuer": "https://issuer.example.com"}, "JwtIssuer requires JwtAudience"),
        ({**SMALL, **ISSUER, "ExistingUserPoolId": "pool"}, "exclude each other"),
        ({**SMALL, "CdnPublicKey": "PEM"}, "CdnPublicKey requires CdnPrivateKeyParameter"),
        ({**STANDARD, "ExistingClusterId": "old"}, "ExistingClusterId requires"),
    ],
)
def test_rules_reject_incomplete_parameters_with_one_sentence(parameters, sentence):
    broken = Template.read(stack.TEMPLATE).broken_rules(parameters)

    assert len(broken) == 1
    assert sentence in broken[0]


@pytest.mark.parametrize("issuer", ["http://issuer.example.com", "issuer.example.com", "https://"])
def test_issuer_without_tls_is_rejected(issuer):
    pattern = stack.source()["Parameters"]["JwtIssuer"]["AllowedPattern"]

    assert re.fullmatch(pattern, ISSUER["JwtIssuer"])
    assert not re.fullmatch(pattern, issuer)


@pytest.mark.parametrize(
    "url",
    [
        "jdbc:postgresql://h/d?user=postgres",
        "jdbc:postgresql://h/d?sslmode=require&Password=x",
        "jdbc:postgresql://h/d?sslpassword=x",
        "jdbc:postgresql://postgres:x@h/d",
        "postgresql://h/d",
    ],
)
def test_database_url_with_credentials_is_rejected(url):
    pattern = stack.source()["Parameters"]["DatabaseUrl"]["AllowedPattern"]

    assert re.fullmatch(pattern, SMALL["DatabaseUrl"])
    assert re.fullmatch(pattern, "jdbc:postgresql://h:5432/d?sslmode=verify-full&sslrootcert=/var/task/rds-ca.pem")
    assert not re.fullmatch(pattern, url)


def test_tables_of_another_stack_are_taken_over_only_if_it_is_named():
    assert stack.source()["Parameters"]["ExistingStack"]["Default"] == ""
    for parameters in (SMALL, {**STANDARD, "SnapshotIdentifier": "last"}):
        variables = Stack.of(parameters).functions()["MigrateFunction"]
        assert variables["STEPTRAIL_EXISTING_STACK"] == {"Ref": "ExistingStack"}


def test_without_parameters_only_the_database_is_asked_for():
    declarations = stack.source()["Parameters"]

    assert [name for name, declaration in declarations.items() if "Default" not in declaration] == []
    assert declarations["Profile"]["Default"] == "small"


def test_no_secret_reaches_the_template_or_an_environment(deployed):
    assert not any("NoEcho" in declaration for declaration in stack.source()["Parameters"].values())
    assert "{{resolve:" not in json.dumps(deployed.resources)
    assert not any(resource["Type"].startswith("AWS::SecretsManager") for resource in deployed.resources.values())
    # Each variable is known, so that a new one is looked at. Those of secrets are names of SSM parameters.
    for function, variables in deployed.functions().items():
        assert set(variables) <= ENVIRONMENT, function
        for name, value in variables.items():
            if re.search("_PARAMETERS?$", name):
                assert deployed.text(value) == "" or deployed.text(value).startswith("/steptrail/"), name


def test_what_invokes_a_function_invokes_the_alias(deployed):
    aliases = {name: alias["Properties"]["FunctionName"]["Ref"] for name, alias in deployed.of_type("AWS::Lambda::Alias").items()}
    functions = deployed.functions()
    assert set(aliases.values()) == set(functions)

    targets = {
        **{name: source["Properties"]["FunctionName"] for name, source in deployed.of_type("AWS::Lambda::EventSourceMapping").items()},
        **{name: permission["Properties"]["FunctionName"] for name, permission in deployed.of_type("AWS::Lambda::Permission").items()},
        **{name: rule["Properties"]["Targets"][0]["Arn"] for name, rule in deployed.of_type("AWS::Events::Rule").items()},
        **{
            name: resource["Properties"]["ServiceToken"]
            for name, resource in deployed.resources.items()
            if resource["Type"].startswith("Custom::")
        },
    }
    for name, target in targets.items():
        assert target.get("Ref") in aliases, name
    integrations = deployed.properties("HttpApi")["Body"]["components"]["x-amazon-apigateway-integrations"]
    assert set(deployed.references(integrations["api"])) & set(aliases) == {f"ApiFunctionAlias{ALIAS}"}
    for name, configuration in deployed.of_type("AWS::Lambda::EventInvokeConfig").items():
        assert configuration["Properties"]["Qualifier"] == ALIAS, name


def test_failure_of_a_custom_resource_is_not_retried(deployed):
    """CloudFormation invokes the function asynchronously, and Lambda retries such an invocation twice unless configured otherwise."""
    for name, resource in deployed.resources.items():
        if not resource["Type"].startswith("Custom::"):
            continue
        function = resource["Properties"]["ServiceToken"]["Ref"].removesuffix(f"Alias{ALIAS}")
        configuration = f"{function}EventInvokeConfig"
        assert deployed.properties(configuration)["MaximumRetryAttempts"] == 0
        assert configuration in deployed.dependencies()[name], "the first invocation must find the configuration"
        # Lambda retries a throttled invocation until the event is too old. After ServiceTimeout, CloudFormation rolls back.
        latest_end = deployed.properties(configuration)["MaximumEventAgeInSeconds"] + deployed.properties(function)["Timeout"]
        assert latest_end < resource["Properties"]["ServiceTimeout"], name


def test_failed_maintenance_is_repeated_only_by_the_schedule(deployed):
    assert deployed.properties("MaintenanceFunctionEventInvokeConfig")["MaximumRetryAttempts"] == 0


def test_resource_policy_of_each_function_is_far_below_the_limit(deployed):
    """Lambda limits the resource policy of a function to 20 KB. Each permission adds a statement with its ARNs."""
    policies = {}
    for permission in deployed.of_type("AWS::Lambda::Permission").values():
        properties = permission["Properties"]
        statement = {
            "Sid": "x" * 100,
            "Effect": "Allow",
            "Principal": {"Service": properties["Principal"]},
            "Action": properties["Action"],
            "Resource": "x" * 140,
            "Condition": {"ArnLike": {"AWS:SourceArn": "x" * 200}},
        }
        function = properties["FunctionName"]["Ref"]
        policies[function] = policies.get(function, 0) + stack.size(statement)

    assert policies
    assert max(policies.values()) < 5_000


def test_resources_do_not_depend_on_each_other_in_a_cycle(deployed):
    dependencies = deployed.dependencies()
    for name, needed in dependencies.items():
        assert needed <= set(dependencies), f"{name} refers to resources that this scenario does not create"
    done = set()
    while len(done) < len(dependencies):
        ready = {name for name, needed in dependencies.items() if name not in done and needed <= done}
        assert ready, f"cycle among {sorted(set(dependencies) - done)}"
        done |= ready


def test_outputs_exist(deployed):
    for name, output in deployed.outputs.items():
        referenced = {each for each in deployed.references(output["Value"]) if each not in deployed.parameters}
        assert referenced <= set(deployed.resources), name


def test_each_retained_resource_is_retained_on_purpose_and_deleted_after_a_failed_create(deployed):
    retained = {
        name: resource["DeletionPolicy"]
        for name, resource in deployed.resources.items()
        if resource.get("DeletionPolicy", "Delete") != "Delete" and resource["Type"] != "AWS::Lambda::Version"  # deleted with its function
    }

    assert set(retained) == set(RETAINED) & set(deployed.resources)
    # Retain would keep a resource even if the creation of the stack failed.
    assert set(retained.values()) == {"RetainExceptOnCreate"}
    # An update that replaces a resource deletes the old one unless this says otherwise; DeletionPolicy has no effect on that.
    assert {name for name in retained if deployed.resources[name].get("UpdateReplacePolicy") != "Retain"} == set()


def test_deletion_protection_is_a_choice(deployed):
    """A protected resource could not be deleted after a failed create, so protection is switched on later."""
    for name in deployed.of_type("AWS::RDS::DBCluster"):
        assert deployed.text(deployed.properties(name)["DeletionProtection"]) == "false"
    for name in deployed.of_type("AWS::Cognito::UserPool"):
        assert deployed.properties(name)["DeletionProtection"] == "INACTIVE"


@pytest.mark.parametrize("profile", [SMALL, STANDARD])
def test_deletion_protection_applies_to_users_and_database(profile):
    deployed = Stack.of({**profile, "DeletionProtection": "true"})

    assert deployed.properties("UserPool")["DeletionProtection"] == "ACTIVE"
    for cluster in deployed.of_type("AWS::RDS::DBCluster"):
        assert deployed.text(deployed.properties(cluster)["DeletionProtection"]) == "true"


# What AWS allows for the names that the template sets: maximum length and pattern. It generates all other names.
NAMES = {
    ("AWS::Logs::LogGroup", "LogGroupName"): (512, r"[.\-_/#A-Za-z0-9]+"),
    ("AWS::SSM::Parameter", "Name"): (1011, r"(/[a-zA-Z0-9_.-]+){1,15}"),
    ("AWS::Cognito::UserPool", "UserPoolName"): (128, r"[\w\s+=,.@-]+"),
    ("AWS::Cognito::UserPoolClient", "ClientName"): (128, r"[\w\s+=,.@-]+"),
    ("AWS::Cognito::UserPoolDomain", "Domain"): (63, r"(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
    ("AWS::Cognito::UserPoolGroup", "GroupName"): (128, r"[\w.+-]+"),
}


def test_names_are_within_the_limits_for_the_longest_stack_name(deployed):
    for name, resource in deployed.resources.items():
        for key, value in resource.get("Properties", {}).items():
            if (resource["Type"], key) in NAMES:
                limit, pattern = NAMES[resource["Type"], key]
                text = deployed.text(value)
                assert len(text) <= limit, name
                assert re.fullmatch(pattern, text), f"{name}: {text}"
    assert len(deployed.text(deployed.properties("HttpApi")["Body"]["info"]["title"])) <= 128
    for name, function in deployed.of_type("AWS::Lambda::Function").items():
        # SAM's translator appends the digest of a release.
        assert len(function["Properties"]["Description"]) + 65 <= 256, name


def test_no_other_name_is_set(deployed):
    """Names that the template does not set contain the stack's name, so two stacks in one account do not collide."""
    named = {
        (resource["Type"], key)
        for resource in deployed.resources.values()
        for key in resource.get("Properties", {})
        if key.lower().endswith("name")
    }
    references = {
        ("AWS::RDS::DBCluster", "DatabaseName"),  # within the cluster
        ("AWS::RDS::DBCluster", "MasterUsername"),
        ("AWS::RDS::DBCluster", "DBClusterParameterGroupName"),
        ("AWS::RDS::DBCluster", "DBSubnetGroupName"),
        ("AWS::Cognito::UserPoolUserToGroupAttachment", "GroupName"),
        ("AWS::CloudWatch::Alarm", "MetricName"),
        ("AWS::EC2::VPCEndpoint", "ServiceName"),
        ("AWS::Cognito::UserPoolUser", "Username"),
        ("AWS::Cognito::UserPoolUserToGroupAttachment", "Username"),
        ("AWS::Lambda::Alias", "Name"),  # within the function
        ("AWS::Lambda::Alias", "FunctionName"),
        ("AWS::Lambda::EventInvokeConfig", "FunctionName"),
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
        ("AWS::Lambda::Permission", "FunctionName"),
        ("AWS::Lambda::Version", "FunctionName"),
        ("AWS::ApiGatewayV2::Stage", "StageName"),
        ("AWS::CodeDeploy::DeploymentGroup", "ApplicationName"),
        ("AWS::CodeDeploy::DeploymentGroup", "DeploymentConfigName"),
    }
    assert named - set(NAMES) - references == set()
