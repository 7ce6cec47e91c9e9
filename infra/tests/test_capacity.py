"""infra/capacity.py reads the templates as CloudFormation does, and refuses a small profile that is too expensive."""
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
INPUTS = (
    "infra/capacity.py",
    "infra/CAPACITY.md",
    "infra/observability.yaml",
    "sam-template.yaml",
    "functions/aws/src/main/java/dev/steptrail/aws/Metric.java",
)


def load():
    spec = importlib.util.spec_from_file_location("capacity", ROOT / "infra/capacity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


capacity = load()


@pytest.fixture
def copy(tmp_path):
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(copy, argument):
    return subprocess.run([sys.executable, copy / "infra/capacity.py", argument], capture_output=True, text=True)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("!Equals [!Ref Rate, rate(6 hours)]", True),
        ('!Equals [!Ref Empty, ""]', True),
        ("!Not [!Equals [!Ref Rate, rate(6 hours)]]", False),
        ("!And [!Condition Yes, !Not [!Condition No]]", True),
        ("!And [!Condition Yes, !Condition No]", False),
        ("!Or\n    - !Condition No\n    - !And [!Condition Yes, !Condition Yes]\n", True),
    ],
)
def test_condition_is_evaluated(text, expected):
    conditions = {"Yes": "!Equals [a, a]", "No": "!Equals [a, b]"}

    assert capacity.Expression(text).value({"Rate": "rate(6 hours)", "Empty": ""}, conditions) is expected


def count_metrics(node, profile):
    """Counts the metrics below a node of the parsed template, with the branch of !If that the profile has."""
    if isinstance(node, list):
        return sum(count_metrics(item, profile) for item in node)
    if not isinstance(node, dict):
        return 0
    if "Fn::If" in node:
        return count_metrics(node["Fn::If"][1 if profile == "standard" else 2], profile)
    return ("MetricName" in node) + sum(count_metrics(item, profile) for item in node.values())


@pytest.mark.parametrize("profile, conditions", [("small", (None,)), ("standard", (None, "Standard"))])
def test_watched_metrics_are_those_of_the_parsed_template(profile, conditions):
    parsed = yaml_parse((ROOT / "infra/observability.yaml").read_text())
    alarms = [each for each in parsed["Resources"].values()
              if each["Type"] == "AWS::CloudWatch::Alarm" and each.get("Condition") in conditions]

    template = capacity.Model((ROOT / "infra/CAPACITY.md").read_text()).observability[profile]

    assert template.watched_metrics() == count_metrics(alarms, profile)
    assert len(template.of_type("AWS::CloudWatch::Alarm")) == len(alarms)


def test_resources_of_the_template_are_read_completely():
    parsed = yaml_parse((ROOT / "sam-template.yaml").read_text())["Resources"]

    assert list(capacity.blocks((ROOT / "sam-template.yaml").read_text(), "Resources")) == list(parsed)


def test_page_matches_its_tables(copy):
    done = run(copy, "--check")

    assert done.returncode == 0, done.stdout


def test_small_profile_of_three_dollars_or_more_is_refused(copy):
    page = copy / "infra/CAPACITY.md"
    text = page.read_text()
    price = "| CloudWatch, alarms | 0.1 |"
    assert price in text
    page.write_text(text.replace(price, "| CloudWatch, alarms | 1.0 |"))
    assert run(copy, "--write").returncode == 0

    done = run(copy, "--check")

    assert done.returncode == 1
    assert "must cost less than $3" in done.stdout


def test_stale_table_is_refused(copy):
    page = copy / "infra/CAPACITY.md"
    page.write_text(page.read_text().replace("| users | 5 |", "| users | 6 |"))

    assert run(copy, "--check").returncode == 1
