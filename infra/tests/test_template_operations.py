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
    "GET /health": 0.05,
}
SECONDS_OF_PAGE = 0.01
MAX_PUBLIC_REQUESTS_IN_PROGRESS = 8  # below the 10 concurrent executions of a new account


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
