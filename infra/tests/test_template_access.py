"""Checks of sam-template.yaml as CloudFormation receives it: logins, roles, the network, the identity of users,
and adopted resources."""

import pytest

import stack
from stack import ADMIN, CDN, ISSUER, SCENARIOS, SMALL, STANDARD, Stack, as_list

# Sids whose actions need the resource *: they support no resources, or only future ones.
WILDCARD_SIDS = {"Trace", "ManageVpcInterfaces"}


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
        connections = [
            deployed.text(statement["Resource"])
            for statement in statements(deployed, function.replace("Function", "Role"))
            if "rds-db:connect" in as_list(statement["Action"])
        ]
        cluster = deployed.text({"Fn::GetAtt": ["ClusterResourceId", "Value"]}) if is_standard else ""
        user = f"arn:aws:rds-db:{stack.REGION}:{stack.ACCOUNT}:dbuser:{cluster}/{stack.STACK_NAME}_{login}"
        assert connections == ([user] if is_standard else [])


def statements(deployed, role):
    policies = deployed.properties(role).get("Policies", [])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


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


def test_policies_allow_named_actions_on_named_resources(deployed):
    arn = f"arn:aws:s3:::{deployed.text({'Fn::GetAtt': ['BucketName', 'Value']})}"
    roles = {role: statements(deployed, role) for role in deployed.of_type("AWS::IAM::Role")}
    policies = {name: policy["Properties"]["PolicyDocument"]["Statement"] for name, policy in deployed.of_type("AWS::IAM::ManagedPolicy").items()}
    assert {"FunctionPolicy", "AgentPolicy"} <= set(policies)
    for name, found in {**roles, **policies}.items():
        sids = [statement["Sid"] for statement in found]
        assert len(sids) == len(set(sids)), f"{name} has two statements with one Sid"
        for statement in found:
            if statement["Effect"] == "Deny":
                continue
            assert not [action for action in as_list(statement["Action"]) if "*" in action], f"{name}: {statement['Sid']}"
            if statement["Sid"] not in WILDCARD_SIDS:
                assert not {"*", f"{arn}/*"} & set(map(deployed.text, as_list(statement["Resource"]))), f"{name}: {statement['Sid']}"


def test_each_function_has_its_own_role_and_log_group(deployed):
    for name, function in deployed.of_type("AWS::Lambda::Function").items():
        assert function["Properties"]["Role"] == {"Fn::GetAtt": [name.replace("Function", "Role"), "Arn"]}
        assert function["Properties"]["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": {"Ref": name.replace("Function", "Logs")}}
    for role in deployed.of_type("AWS::IAM::Role"):
        # CodeDeploy's role is of SAM.
        if role != "CodeDeployServiceRole":
            assert deployed.properties(role).get("ManagedPolicyArns", []) in ([], [{"Ref": "FunctionPolicy"}]), role


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
