"""Checks of sam-template.yaml as CloudFormation receives it: throttles, releases and alarms."""

import re

import pytest
from samtranslator.yaml_helper import yaml_parse

import stack
from stack import SMALL, STANDARD, Stack

# Seconds that one request of a public route keeps the API function and a database connection busy: estimated, but that of a report is
# the longest of those measured (docs/decisions/request-limits.md).
SECONDS_OF_REQUEST = {
    "GET /api/shared/tasks/{task_id}": 0.05,
    "GET /api/shared/tasks/{task_id}/steps": 0.2,
    "GET /api/shared/tasks/{task_id}/report": 2.0,
    "GET /api/shared/tasks/{task_id}/screenshots": 0.1,
    "GET /api/shared/steps/{step_id}/screenshot": 0.1,
    "GET /api/shared/steps/{step_id}/attachment": 0.1,
    "GET /api/shared/tasks/{task_id}/attachment": 0.1,
    "GET /health": 0.05,
}
SECONDS_OF_PAGE = 0.01
MAX_PUBLIC_REQUESTS_IN_PROGRESS = 8  # below the 10 concurrent executions of a new account


# As Lambda recommends, so that a message is not redelivered while a function still processes it.
TIMEOUTS_IN_VISIBILITY = 6
MIN_SECONDS_OF_TRIES = 6 * 3600  # six times the longest outage that must not lose messages

# Functions whose failures are visible immediately, so an alarm rolls back their releases.
ROLLED_BACK = ("ApiFunction", "IngestFunction")


# Queues


def test_consumers_leave_database_connections_to_each_other(deployed):
    for name, source in deployed.of_type("AWS::Lambda::EventSourceMapping").items():
        assert "MaximumConcurrency" in source["Properties"]["ScalingConfig"], name
    (steps,) = [source for source in deployed.of_type("AWS::Lambda::EventSourceMapping") if source.startswith("IngestFunction")]
    assert deployed.properties(steps)["ScalingConfig"]["MaximumConcurrency"] == {"Ref": "IngestConcurrency"}
    # The migration limits the connections of the logins.
    variables = deployed.functions()["MigrateFunction"]
    assert variables["STEPTRAIL_INGEST_CONCURRENCY"] == {"Ref": "IngestConcurrency"}
    assert variables["STEPTRAIL_API_CONNECTIONS"] == {"Ref": "ApiConnections"}


def test_batches_are_retried_for_hours_but_not_while_they_are_processed(deployed):
    batched = {
        name: source["Properties"]
        for name, source in deployed.of_type("AWS::Lambda::EventSourceMapping").items()
        if source["Properties"]["BatchSize"] > 1  # a failed export or job is reported instead: docs/decisions/exports.md
    }
    assert batched
    for name, source in batched.items():
        queue = deployed.properties(source["EventSourceArn"]["Fn::GetAtt"][0])
        timeout = deployed.properties(name.removesuffix("Steps"))["Timeout"]
        seconds_of_tries = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
        assert queue["VisibilityTimeout"] >= TIMEOUTS_IN_VISIBILITY * timeout
        assert seconds_of_tries >= MIN_SECONDS_OF_TRIES
        assert seconds_of_tries < queue["MessageRetentionPeriod"], "messages expire before they reach the dead-letter queue"
        assert source["MaximumBatchingWindowInSeconds"] > 0
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], "one failed message would fail its batch"


# Throttles


def test_other_routes_are_throttled_and_the_access_log_contains_routes_instead_of_paths(deployed):
    (stage,) = deployed.of_type("AWS::ApiGatewayV2::Stage").values()
    default = stage["Properties"]["DefaultRouteSettings"]
    assert default["ThrottlingRateLimit"] > 0 and default["ThrottlingBurstLimit"] > 0
    log = stage["Properties"]["AccessLogSettings"]["Format"]
    assert "$context.routeKey" in log
    assert "$context.path" not in log  # it contains a task id


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


def test_functions_are_updated_after_the_schema(deployed):
    migrating = {"MigrateFunction", "SignInClientFunction"}  # which CloudFormation invokes
    for name in set(deployed.functions()) - migrating:
        assert "Schema" in deployed.dependencies()[name], name


def test_functions_with_snapstart_are_invoked_daily(deployed):
    """Lambda deactivates a version whose snapshot was not used for 14 days."""
    assert stack.source()["Parameters"]["SnapStart"]["Default"] == "PublishedVersions"
    daily = [
        rule["Properties"]["Targets"][0]["Arn"]["Ref"]
        for rule in deployed.of_type("AWS::Events::Rule").values()
        if rule["Properties"]["ScheduleExpression"] == "rate(1 day)"
    ]
    for name in ROLLED_BACK:
        assert deployed.properties(name)["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
        assert f"{name}Aliaslive" in daily


# Alarms


def test_few_failures_of_a_new_release_roll_it_back():
    deployed = Stack.of(STANDARD)
    groups = deployed.of_type("AWS::CodeDeploy::DeploymentGroup")
    assert {name.removesuffix("DeploymentGroup") for name in groups} == set(ROLLED_BACK)
    for name, group in groups.items():
        alarms = [alarm["Name"]["Ref"] for alarm in group["Properties"]["AlarmConfiguration"]["Alarms"]]
        assert len(alarms) == 2, name
        for alarm in map(deployed.properties, alarms):
            assert 1 <= alarm["Threshold"] <= 10
            assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
            assert alarm["Statistic"] == "Sum"
            assert (alarm["Period"], alarm["EvaluationPeriods"]) == (60, 1)


def written_metrics():
    source = (stack.ROOT / "functions/aws/src/main/java/dev/steptrail/aws/Metric.java").read_text()
    return set(re.findall(r'^    [A-Z_]+\("(\w+)"', source, re.MULTILINE))


def observability(deployed):
    parameters = {name: deployed.text(value) for name, value in deployed.properties("Observability")["Parameters"].items()}
    return Stack(yaml_parse((stack.ROOT / "infra/observability.yaml").read_text()), parameters)


def test_release_alarms_use_metrics_that_their_function_writes():
    """The ObservabilityTest of infra/end-to-end checks the other alarms."""
    deployed = Stack.of(STANDARD)
    functions = set()
    for alarm in map(deployed.properties, deployed.of_type("AWS::CloudWatch::Alarm")):
        dimensions = {dimension["Name"]: deployed.text(dimension["Value"]) for dimension in alarm["Dimensions"]}
        if alarm["Namespace"] == "Steptrail":
            assert alarm["MetricName"] in written_metrics()
            assert dimensions.pop("Stack") == stack.STACK_NAME  # the errors of another stack must not roll this one back
            functions.add(dimensions.pop("Function"))
            assert dimensions == {}
    assert functions == {"api", "ingest"}


def test_small_has_at_most_six_alarms_and_three_metrics():
    """A metric costs $0.30 a month, an alarm $0.10."""
    deployed = Stack.of(SMALL)
    alarms = [*deployed.of_type("AWS::CloudWatch::Alarm"), *observability(deployed).of_type("AWS::CloudWatch::Alarm")]
    metrics = set(deployed.functions()["IngestFunction"]["STEPTRAIL_METRICS"].split(","))

    assert len(alarms) <= 6
    assert len(metrics) <= 3
    assert metrics <= written_metrics()
