"""Transforms sam-template.yaml as AWS does (with SAM's translator) and resolves it for given parameters, without an AWS account."""

import copy
import functools
import json
import re
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from deployment.template import is_true

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "sam-template.yaml"

# The longest name that infra/deploy accepts.
STACK_NAME = "s" + "x" * 39
REGION = "ap-southeast-2"
ACCOUNT = "123456789012"
PSEUDO_PARAMETERS = {
    "AWS::StackName": STACK_NAME,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK_NAME}/0a1b2c3d-4e5f-6789-abcd-ef0123456789",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = object()

SMALL = {"DatabaseUrl": "jdbc:postgresql://db.example.com/steptrail", "DatabasePasswordParameter": "/steptrail/x/database-password"}
STANDARD = {"Profile": "standard"}
CDN = {"CdnPublicKey": "PEM", "CdnPrivateKeyParameter": "/steptrail/x/cdn-private-key"}
ISSUER = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "readers"}
ADMIN = {"AdminEmail": "ann@example.com"}
ADOPTED_DATA = {
    "ExistingBucket": "old-bucket",
    "ExistingKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/old",
    "ExistingUserPoolId": f"{REGION}_Old",
}
ADOPTED_CLUSTER = {
    "ExistingClusterId": "old-cluster",
    "ExistingClusterEndpoint": "old.cluster.example.com",
    "ExistingClusterResourceId": "cluster-OLD",
    "ExistingSubnetIds": "subnet-00000001,subnet-00000002",
    "ExistingSecurityGroupId": "sg-00000001",
    "ExistingVpcId": "vpc-00000001",
}
SCENARIOS = {
    "small": SMALL,
    "small with admin": {**SMALL, **ADMIN},
    "small with CDN": {**SMALL, **CDN},
    "small with own issuer": {**SMALL, **ISSUER},
    "small with adopted bucket and users": {
        **SMALL,
        "ExistingBucket": "old-bucket",
        "ExistingUserPoolId": f"{REGION}_Old",
    },
    "standard": {**STANDARD, **ADMIN},
    "standard with CDN": {**STANDARD, **CDN},
    "standard with own issuer": {**STANDARD, **ISSUER},
    "standard from a snapshot": {**STANDARD, "SnapshotIdentifier": "last"},
    "standard with adopted data": {**STANDARD, **CDN, **ADOPTED_DATA, **ADOPTED_CLUSTER},
    "standard with adopted data in a network with its own endpoints": {
        **STANDARD,
        **ADOPTED_DATA,
        **ADOPTED_CLUSTER,
        "ExistingVpcId": "",
    },
}


class _NoManagedPolicies:
    def load(self):
        return {}


def source():
    return copy.deepcopy(_parsed())


@functools.cache
def _parsed():
    return yaml_parse(TEMPLATE.read_text())


def translate(parameters, code="key"):
    """Returns the CloudFormation template that SAM makes of sam-template.yaml.

    code -- key of the functions' packages in the deployment bucket, which `sam deploy` derives from their contents
    """
    return json.loads(_translate(json.dumps(parameters, sort_keys=True), code))


@functools.cache
def _translate(parameters, code):
    template = source()
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if "CodeUri" in properties:
            properties["CodeUri"] = f"s3://deployment-bucket/{code}"
        if "Location" in properties:
            properties["Location"] = f"https://s3.amazonaws.com/deployment-bucket/{Path(properties['Location']).name}"
    return json.dumps(transform(template, json.loads(parameters), _NoManagedPolicies()))


class Stack:
    """A template for given parameters: without the resources, outputs and values that its conditions exclude."""

    def __init__(self, template, parameters, stack_name=STACK_NAME):
        self.parameters = {**PSEUDO_PARAMETERS, "AWS::StackName": stack_name}
        for name, declaration in template.get("Parameters", {}).items():
            value = parameters.get(name, declaration.get("Default"))
            assert value is not None, f"parameter {name} has no value"
            self.parameters[name] = value
        self._conditions = template.get("Conditions", {})
        self.resources = self._section(template["Resources"])
        self.outputs = self._section(template.get("Outputs", {}))

    @classmethod
    def of(cls, parameters, code="key"):
        return cls(translate(parameters, code), parameters)

    def _section(self, declarations):
        return {
            name: self._choose(declaration)
            for name, declaration in copy.deepcopy(declarations).items()
            if "Condition" not in declaration or self.is_true({"Condition": declaration["Condition"]})
        }

    def is_true(self, condition):
        return is_true(condition, self.parameters, self._conditions)

    def _choose(self, node):
        """Replaces each Fn::If by its branch and removes AWS::NoValue."""
        if isinstance(node, list):
            return [item for item in map(self._choose, node) if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            condition, if_true, if_false = node["Fn::If"]
            return self._choose(if_true if self.is_true({"Condition": condition}) else if_false)
        if node == {"Ref": "AWS::NoValue"}:
            return NO_VALUE
        chosen = {key: self._choose(value) for key, value in node.items()}
        return {key: value for key, value in chosen.items() if value is not NO_VALUE}

    def of_type(self, *types):
        return {name: resource for name, resource in self.resources.items() if resource["Type"] in types}

    def properties(self, name):
        return self.resources[name].get("Properties", {})

    def functions(self):
        """Returns the environment variables by logical id of the function."""
        return {
            name: function["Properties"].get("Environment", {}).get("Variables", {})
            for name, function in self.of_type("AWS::Lambda::Function").items()
        }

    def references(self, node):
        """Yields the logical ids of the resources to which a value refers."""
        if isinstance(node, list):
            for item in node:
                yield from self.references(item)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key == "Ref":
                    yield value
                elif key == "Fn::GetAtt":
                    yield value[0] if isinstance(value, list) else value.split(".")[0]
                elif key == "Fn::Sub":
                    text, variables = value if isinstance(value, list) else (value, {})
                    yield from self.references(list(variables.values()))
                    for name in re.findall(r"\$\{([^!}]+)\}", text):
                        if name not in variables:
                            yield name.split(".")[0]
                else:
                    yield from self.references(value)

    def dependencies(self):
        """Returns the logical ids on which each resource depends."""
        found = {}
        for name, resource in self.resources.items():
            explicit = resource.get("DependsOn", [])
            explicit = [explicit] if isinstance(explicit, str) else explicit
            referenced = self.references([resource.get("Properties", {}), resource.get("UpdatePolicy", {})])
            found[name] = set(explicit) | {each for each in referenced if each not in self.parameters}
        return found

    def text(self, node):
        """Evaluates a value to text, with made-up ids for what AWS generates."""
        if not isinstance(node, dict):
            return str(node).lower() if isinstance(node, bool) else str(node)
        (function, argument), = node.items()
        if function == "Ref":
            return str(self.parameters[argument]) if argument in self.parameters else f"{STACK_NAME}-{argument}-1A2B3C4D5E6F7"
        if function == "Fn::GetAtt":
            name, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
            if self.resources[name]["Type"] == "AWS::SSM::Parameter" and attribute == "Value":
                return self.text(self.properties(name)["Value"])
            return f"arn:aws:{name}:{attribute}" if attribute.endswith("Arn") else f"{name}.{attribute}"
        if function == "Fn::Sub":
            text, variables = argument if isinstance(argument, list) else (argument, {})

            def value(match):
                name = match.group(1)
                if name in variables:
                    return self.text(variables[name])
                return self.text({"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name})

            return re.sub(r"\$\{([^!}]+)\}", value, text).replace("${!", "${")
        if function == "Fn::Join":
            return argument[0].join(map(self.text, argument[1]))
        if function == "Fn::Split":
            return self.text(argument[1]).split(argument[0])
        assert function == "Fn::Select", function
        items = argument[1]
        return (self.text(items) if isinstance(items, dict) else items)[int(argument[0])]


def as_list(value):
    return value if isinstance(value, list) else [value]


def size(value):
    return len(json.dumps(value, separators=(",", ":")))
