"""Checks of sam-template.yaml as CloudFormation receives it, for both profiles and their options."""

import json
import re

import pytest
from samtranslator.yaml_helper import yaml_parse

import stack
from stack import ADMIN, CDN, ISSUER, SCENARIOS, SMALL, STANDARD, Stack

ALIAS = "live"

# Resources that survive the deletion of the stack, and why.
RETAINED = {
    "Bucket": "holds screenshots, payloads and archives",
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
    "STEPTRAIL_STACK", "STEPTRAIL_URL_LIFETIME",
}

# Estimated seconds that one request of a public route keeps the API function and a database connection busy.
SECONDS_OF_REQUEST = {
    "GET /api/shared/tasks/{task_id}": 0.05,
    "GET /api/shared/tasks/{task_id}/steps": 0.2,
    "GET /api/shared/tasks/{task_id}/report": 0.5,
    "GET /api/shared/tasks/{task_id}/screenshots": 0.1,
    "GET /api/shared/steps/{step_id}/screenshot": 0.1,
    "GET /health": 0.05,
}
SECONDS_OF_PAGE = 0.01
MAX_PUBLIC_REQUESTS_IN_PROGRESS = 8  # below the 10 concurrent executions of a new account


def rules_broken_by(parameters):
    """Returns the descriptions of the rules that reject these parameters."""
    deployed = Stack(stack.source(), parameters)
    return [
        assertion["AssertDescription"]
        for rule in deployed.rules.values()
        if deployed.is_true(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not deployed.is_true(assertion["Assert"])
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_rules_accept_each_scenario(name):
    assert rules_broken_by(SCENARIOS[name]) == []


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
    broken = rules_broken_by(parameters)

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


@pytest.mark.parametrize("url", [
    "jdbc:postgresql://db.example.com/steptrail?user=ann&password=secret",
    "jdbc:postgresql://db.example.com/steptrail?sslmode=require&PASSWORD=secret",
    "jdbc:postgresql://db.example.com/steptrail?sslpassword=secret",
    "jdbc:postgresql://ann:secret@db.example.com/steptrail",
])
def test_database_url_with_a_password_is_refused(url):
    pattern = stack.source()["Parameters"]["DatabaseUrl"]["AllowedPattern"]

    assert not re.match(pattern, url)
    assert re.match(pattern, "jdbc:postgresql://db.example.com:5432/steptrail?sslmode=require&prepareThreshold=5")
    assert re.match(pattern, "")


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


def test_each_function_connects_with_a_login_of_this_stack(deployed):
    logins = {
        "IngestFunction": "ingest",
        "ApiFunction": "api",
        "ExportFunction": "export",
        "MaintenanceFunction": "operations",
        "JobsFunction": "operations",
    }
    is_standard = deployed.parameters["Profile"] == "standard"
    for function, login in logins.items():
        variables = {name: deployed.text(value) for name, value in deployed.functions()[function].items()}
        assert variables["STEPTRAIL_STACK"] == stack.STACK_NAME
        if is_standard:
            user = f"{stack.STACK_NAME}_{login}"
            assert len(user) <= 63  # of an identifier in Postgres
            assert variables["STEPTRAIL_DATABASE_USER"] == user
            assert variables["STEPTRAIL_DATABASE_AUTH"] == "iam"
        else:
            assert variables["STEPTRAIL_DATABASE_LOGIN_PARAMETER"] == f"/steptrail/{stack.STACK_NAME}/database/{login}"
            assert variables["STEPTRAIL_DATABASE_AUTH"] == "parameter"
        assert ("STEPTRAIL_DATABASE_USER" in variables) == is_standard
        assert ("STEPTRAIL_DATABASE_LOGIN_PARAMETER" in variables) != is_standard


def statements(deployed, role):
    policies = deployed.properties(role).get("Policies", [])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def as_list(value):
    return value if isinstance(value, list) else [value]


def test_each_role_reads_only_its_own_parameters(deployed):
    prefix = f"arn:aws:ssm:{stack.REGION}:{stack.ACCOUNT}:parameter"
    own = f"{prefix}/steptrail/{stack.STACK_NAME}/database/"
    is_standard = deployed.parameters["Profile"] == "standard"
    allowed = {}
    for role in deployed.of_type("AWS::IAM::Role"):
        allowed[role] = sorted(
            f"{action} {deployed.text(resource)}"
            for statement in statements(deployed, role)
            for action in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
            if action.startswith("ssm:")
        )
    read_key = [f"ssm:GetParameter {prefix}{CDN['CdnPrivateKeyParameter']}"] if deployed.parameters["CdnPublicKey"] else []
    read_login = lambda login: [] if is_standard else [f"ssm:GetParameter {own}{login}"]  # noqa: E731

    assert allowed.pop("ApiRole") == sorted(read_key + read_login("api"))
    assert allowed.pop("IngestRole") == read_login("ingest")
    assert allowed.pop("ExportRole") == read_login("export")
    assert allowed.pop("MaintenanceRole") == read_login("operations")
    assert allowed.pop("JobsRole") == read_login("operations")
    migrate = allowed.pop("MigrateRole")
    assert set().union(*allowed.values()) == set()
    if is_standard:
        assert migrate == []
    else:
        assert f"ssm:GetParameter {prefix}{SMALL['DatabasePasswordParameter']}" in migrate
        assert {line.split(" ")[1] for line in migrate} == {prefix + SMALL["DatabasePasswordParameter"], own + "*"}


def test_roles_refer_to_this_stack_and_this_account(deployed):
    """A bucket's name is unique without its account. Of a queue or a log group, the account and the stack's own resource must be named."""
    for role in deployed.of_type("AWS::IAM::Role"):
        for statement in statements(deployed, role):
            for resource in as_list(statement["Resource"]):
                arn = deployed.text(resource)
                is_reference = isinstance(resource, dict) and "Fn::GetAtt" in resource
                service = arn.split(":")[2] if arn.startswith("arn:") else ""
                assert arn != "*", role
                assert "*" not in ":".join(arn.split(":")[:5]), f"{role}: {arn}"
                assert is_reference or service == "s3" or stack.ACCOUNT in arn, f"{role}: {arn}"


def test_code_of_functions_may_not_change_network_interfaces():
    statement = {each["Sid"]: each for each in Stack.of(STANDARD).properties("FunctionPolicy")["PolicyDocument"]["Statement"]}
    denied = statement["DenyVpcInterfacesToCode"]

    assert denied["Effect"] == "Deny"
    assert set(denied["Action"]) >= set(statement["ManageVpcInterfaces"]["Action"])
    assert denied["Resource"] == "*"
    function = Stack.of(STANDARD).text(denied["Condition"]["ArnLike"]["lambda:SourceFunctionArn"])
    assert function == f"arn:aws:lambda:{stack.REGION}:{stack.ACCOUNT}:function:*"
    assert "DenyVpcInterfacesToCode" not in str(Stack.of(SMALL).properties("FunctionPolicy"))


def test_small_has_no_network_no_key_and_no_tracing():
    for parameters in (SMALL, {**SMALL, **CDN}, {**SMALL, **ISSUER}):
        deployed = Stack.of(parameters)
        types = {resource["Type"] for resource in deployed.resources.values()}
        assert not {each for each in types if each.startswith(("AWS::EC2::", "AWS::RDS::", "AWS::KMS::"))}
        for function in deployed.of_type("AWS::Lambda::Function").values():
            assert function["Properties"]["TracingConfig"]["Mode"] == "PassThrough"
            assert not {"VpcConfig", "KmsKeyArn"} & set(function["Properties"])
        for queue in deployed.of_type("AWS::SQS::Queue").values():
            assert queue["Properties"]["SqsManagedSseEnabled"] is True
            assert not {"KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"} & set(queue["Properties"])
        (rule,) = deployed.properties("Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        for group in deployed.of_type("AWS::CodeDeploy::DeploymentGroup").values():
            assert deployed.text(group["Properties"]["DeploymentConfigName"]) == "CodeDeployDefault.LambdaAllAtOnce"
            assert not group["Properties"]["AlarmConfiguration"]


def test_standard_encrypts_traces_and_shifts_traffic():
    deployed = Stack.of(STANDARD)
    key = {"Fn::GetAtt": ["KeyArn", "Value"]}
    for queue in deployed.of_type("AWS::SQS::Queue").values():
        assert queue["Properties"]["KmsMasterKeyId"] == key
    for group in deployed.of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["KmsKeyId"] == key
    for name, function in deployed.of_type("AWS::Lambda::Function").items():
        assert function["Properties"]["KmsKeyArn"] == key
        in_network = name != "SignInClientFunction"
        assert ("VpcConfig" in function["Properties"]) == in_network
        assert function["Properties"]["TracingConfig"]["Mode"] == ("Active" if in_network else "PassThrough")
    for name, group in deployed.of_type("AWS::CodeDeploy::DeploymentGroup").items():
        assert deployed.text(group["Properties"]["DeploymentConfigName"]) == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert len(group["Properties"]["AlarmConfiguration"]["Alarms"]) == 2, name


def test_function_that_updates_the_sign_in_client_knows_no_database():
    for parameters in (SMALL, STANDARD):
        variables = Stack.of(parameters).functions()["SignInClientFunction"]
        assert not {name for name in variables if "DATABASE" in name}


def test_interface_endpoint_for_parameters_exists_only_with_the_cdn():
    assert "SsmEndpoint" not in Stack.of(STANDARD).resources
    deployed = Stack.of({**STANDARD, **CDN})
    (statement,) = deployed.properties("SsmEndpoint")["PolicyDocument"]["Statement"]
    assert deployed.text(statement["Resource"]).endswith(f":parameter{CDN['CdnPrivateKeyParameter']}")


def test_schema_is_created_after_what_the_migration_needs_in_the_network():
    needed = Stack.of(STANDARD).dependencies()["Schema"]

    assert {"Instance", "S3Endpoint", "RoutesOfSubnetA", "RoutesOfSubnetB"} <= needed


# Identity


def test_user_pool_admits_only_invited_users_and_shows_its_pages():
    deployed = Stack.of({**SMALL, **ADMIN})

    pool = deployed.properties("UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    assert deployed.properties("SignInDomain")["ManagedLoginVersion"] == 2
    assert deployed.properties("SignInPages")["UseCognitoProvidedValues"] is True
    assert deployed.properties("SignInPages")["ClientId"] == {"Ref": "SignInClient"}
    assert deployed.text(deployed.properties("AdminUser")["Username"]) == ADMIN["AdminEmail"]
    assert deployed.properties("AdminUser")["DesiredDeliveryMediums"] == ["EMAIL"]
    assert "AdminUser" not in Stack.of(SMALL).resources


def test_client_is_public_and_uses_the_authorization_code():
    client = Stack.of(SMALL).properties("SignInClient")

    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthFlowsUserPoolClient"] is True
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["CallbackURLs"] == [f"http://localhost:{port}/callback" for port in (8421, 8422, 8423)]


@pytest.mark.parametrize("profile", [SMALL, STANDARD, {**SMALL, **CDN}])
def test_callbacks_are_set_again_whenever_the_client_changes(profile):
    deployed = Stack.of(profile)
    client = dict(deployed.properties("SignInClient"))
    callbacks = deployed.properties("SignInCallbacks")

    assert callbacks["UserPoolId"] == client.pop("UserPoolId")
    assert callbacks["ClientId"] == {"Ref": "SignInClient"}
    assert callbacks["Settings"] == client
    assert set(client["CallbackURLs"]) < set(map(deployed.text, callbacks["CallbackUrls"]))
    viewers = 2 if deployed.parameters["CdnPublicKey"] else 1
    assert len(callbacks["CallbackUrls"]) == 3 + viewers
    assert len(callbacks["LogoutUrls"]) == viewers


def test_client_function_changes_only_the_clients_of_its_pool(deployed):
    if "SignInClientRole" not in deployed.resources:
        return
    actions = {
        action: deployed.text(statement["Resource"])
        for statement in statements(deployed, "SignInClientRole")
        for action in as_list(statement["Action"])
        if action.startswith("cognito-idp:")
    }
    assert set(actions) == {"cognito-idp:DescribeUserPoolClient", "cognito-idp:UpdateUserPoolClient"}
    assert set(actions.values()) == {
        f"arn:aws:cognito-idp:{stack.REGION}:{stack.ACCOUNT}:userpool/" + deployed.text(deployed.properties("UserPoolId")["Value"])
    }


@pytest.mark.parametrize("profile", [SMALL, STANDARD])
def test_gateway_and_api_accept_the_same_issuer(profile):
    for parameters in (profile, {**profile, **ISSUER}, {**profile, "ExistingUserPoolId": "pool"}):
        deployed = Stack.of(parameters)
        authorizer = deployed.properties("HttpApi")["Body"]["components"]["securitySchemes"]["jwt"]["x-amazon-apigateway-authorizer"]
        variables = deployed.functions()["ApiFunction"]
        issuer = deployed.text(authorizer["jwtConfiguration"]["issuer"])
        assert issuer.startswith("https://")
        assert deployed.text(variables["STEPTRAIL_ISSUER"]) == issuer
        assert [variables["STEPTRAIL_CLIENT_ID"]] == authorizer["jwtConfiguration"]["audience"]
        assert ("SignInUrl" in deployed.outputs) == ("JwtIssuer" not in parameters)


def test_own_issuer_replaces_every_resource_of_the_identity():
    own = Stack.of({**SMALL, **ISSUER, **ADMIN})

    assert not [name for name, resource in own.resources.items() if "Cognito" in resource["Type"] or "SignIn" in name]


# Adoption


def test_adopted_resources_are_used_and_not_created():
    deployed = Stack.of(SCENARIOS["standard with adopted data"])

    for name in ("Bucket", "Key", "UserPool", "AdminGroup", "AdminUser", "Cluster", "Instance", "Vpc", "SubnetA", "SubnetGroup"):
        assert name not in deployed.resources
    for name in ("SignInClient", "SignInDomain", "SignInPages", "BucketPolicy", "S3Endpoint", "SqsEndpoint", "SsmEndpoint"):
        assert name in deployed.resources
    variables = {name: deployed.text(value) for name, value in deployed.functions()["ApiFunction"].items()}
    assert variables["STEPTRAIL_BUCKET"] == "old-bucket"
    assert "//old.cluster.example.com:5432/" in variables["STEPTRAIL_DATABASE_URL"]
    assert variables["STEPTRAIL_ISSUER"].endswith(stack.ADOPTED_DATA["ExistingUserPoolId"])
    assert deployed.text(deployed.properties("BucketPolicy")["Bucket"]) == "old-bucket"
    for statement in statements(deployed, "IngestRole"):
        if statement["Sid"] == "ConnectToDatabase":
            assert ":dbuser:cluster-OLD/" in deployed.text(statement["Resource"])
    network = deployed.properties("ApiFunction")["VpcConfig"]
    assert deployed.text(network["SubnetIds"]) == ["subnet-00000001", "subnet-00000002"]
    assert [deployed.text(group) for group in network["SecurityGroupIds"]] == ["sg-00000001"]


def test_network_with_its_own_endpoints_gets_no_others():
    deployed = Stack.of(SCENARIOS["standard with adopted data in a network with its own endpoints"])

    assert not [resource for resource in deployed.resources.values() if resource["Type"].startswith("AWS::EC2::")]


def test_key_can_be_adopted_by_a_stack_with_another_name():
    policy = stack.source()["Resources"]["Key"]["Properties"]["KeyPolicy"]

    assert "StackName" not in str(policy)


def test_restored_cluster_leaves_out_what_the_snapshot_determines():
    restored = Stack.of(SCENARIOS["standard from a snapshot"]).properties("Cluster")
    created = Stack.of(STANDARD).properties("Cluster")

    assert set(created) - set(restored) == {"MasterUsername", "MasterUserAuthenticationType", "StorageEncrypted"}
    assert set(restored) - set(created) == {"SnapshotIdentifier"}


# Throttles


def routes(deployed):
    """Returns whether a route is public by route key."""
    found = {}
    for path, operations in deployed.properties("HttpApi")["Body"]["paths"].items():
        for method, operation in operations.items():
            key = "$default" if path == "/$default" else f"{method.upper()} {path}"
            found[key] = not operation.get("security")
    return found


def test_throttles_are_of_existing_routes_and_of_each_public_one():
    deployed = Stack.of(SMALL)
    (stage,) = deployed.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]["RouteSettings"]
    known = routes(deployed)

    # API Gateway refuses settings of a route that does not exist, and the deployment fails.
    assert set(settings) <= set(known)
    assert set(settings) == {key for key, is_public in known.items() if is_public}


def test_public_routes_together_leave_room_for_signed_in_users():
    deployed = Stack.of(SMALL)
    (stage,) = deployed.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]["RouteSettings"]
    busy = {
        route: setting["ThrottlingRateLimit"] * SECONDS_OF_REQUEST.get(route, SECONDS_OF_PAGE) for route, setting in settings.items()
    }

    assert set(SECONDS_OF_REQUEST) <= set(settings)
    assert sum(busy.values()) <= MAX_PUBLIC_REQUESTS_IN_PROGRESS
    assert MAX_PUBLIC_REQUESTS_IN_PROGRESS < stack.source()["Parameters"]["ApiConnections"]["Default"]


# Releases


def versions(parameters, code="key"):
    return set(Stack.of(parameters, code).of_type("AWS::Lambda::Version"))


@pytest.mark.parametrize("profile", [SMALL, STANDARD])
def test_version_is_published_if_and_only_if_the_digest_changes(profile):
    first = versions({**profile, "ReleaseDigest": "a" * 64})

    assert len(first) == 7
    # `sam build` may package equal code under another key.
    assert versions({**profile, "ReleaseDigest": "a" * 64}, code="other") == first
    assert not versions({**profile, "ReleaseDigest": "b" * 64}) & first


def test_without_a_digest_new_code_publishes_but_a_changed_parameter_does_not():
    first = versions(SMALL)

    assert versions(SMALL) == first
    assert not versions(SMALL, code="other") & first
    assert versions({**SMALL, "RetentionDays": "7"}) == first


# Alarms


def written_metrics():
    source = (stack.ROOT / "functions/aws/src/main/java/dev/steptrail/aws/Metric.java").read_text()
    return set(re.findall(r'^    [A-Z_]+\("(\w+)"', source, re.MULTILINE))


def observability(deployed):
    parameters = {name: deployed.text(value) for name, value in deployed.properties("Observability")["Parameters"].items()}
    return Stack(yaml_parse((stack.ROOT / "infra/observability.yaml").read_text()), parameters)


def metrics_of(alarm):
    properties = alarm["Properties"]
    if "MetricName" in properties:
        return [(properties["Namespace"], properties["MetricName"], properties.get("Dimensions", []))]
    return [
        (metric["Namespace"], metric["MetricName"], metric.get("Dimensions", []))
        for query in properties["Metrics"]
        if "MetricStat" in query
        for metric in [query["MetricStat"]["Metric"]]
    ]


def all_alarms(deployed):
    nested = observability(deployed)
    found = [(deployed, alarm) for alarm in deployed.of_type("AWS::CloudWatch::Alarm").values()]
    return found + [(nested, alarm) for alarm in nested.of_type("AWS::CloudWatch::Alarm").values()]


def test_each_alarm_has_a_metric_that_a_function_of_this_stack_writes(deployed):
    is_small = deployed.parameters["Profile"] == "small"
    published = set(deployed.functions()["IngestFunction"]["STEPTRAIL_METRICS"].split(",")) if is_small else written_metrics()
    assert published <= written_metrics()
    for owner, alarm in all_alarms(deployed):
        for namespace, name, dimensions in metrics_of(alarm):
            if namespace != "Steptrail":
                continue
            assert name in published
            values = {dimension["Name"]: owner.text(dimension["Value"]) for dimension in dimensions}
            assert values["Stack"] == stack.STACK_NAME
            assert (set(values) == {"Stack"}) == is_small


def test_small_has_at_most_six_alarms_and_three_metrics():
    deployed = Stack.of(SMALL)

    assert len(all_alarms(deployed)) <= 6
    assert len(deployed.functions()["IngestFunction"]["STEPTRAIL_METRICS"].split(",")) <= 3
