"""The AWS account: its credentials, and its secrets in SSM."""
import os
from typing import Any

import boto3
from botocore.exceptions import ConnectionError, HTTPClientError, InvalidRegionError

from .errors import AWS_ERRORS, Stop, describe, has_code


class Account:
    """The account and the region that the AWS configuration or the environment selects."""

    def __init__(self, region: str | None) -> None:
        region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None
        self.session = boto3.Session(region_name=region)
        self.region = self.session.region_name
        self.id = ""  # known after sign_in
        if not self.region:
            raise Stop("No region is set. Run 'aws configure set region REGION', or pass --region REGION.")
        os.environ.update(AWS_REGION=self.region, AWS_DEFAULT_REGION=self.region, SAM_CLI_TELEMETRY="0")  # for the SAM CLI

    def sign_in(self) -> None:
        """Checks the credentials, and prints whose they are."""
        try:
            identity = self.client("sts").get_caller_identity()
        except (ConnectionError, HTTPClientError, InvalidRegionError) as e:
            raise Stop(f"Cannot reach AWS in the region '{self.region}': {describe(e).rstrip('.')}. Check the region's name (--region REGION),"
                       " and this machine's network.") from e
        except AWS_ERRORS as e:
            not_enabled = f", or '{self.region}' is not enabled in the account" if has_code(e, "InvalidClientTokenId") else ""
            raise Stop(f"No valid AWS credentials{not_enabled}: {describe(e).rstrip('.')}. Run 'aws configure sso' (or 'aws sso login'), or"
                       " set AWS_PROFILE.") from e
        self.id = identity["Account"]
        print(f"Account {self.id}, region {self.region}, as {identity['Arn']}")

    def client(self, service: str) -> Any:
        return self.session.client(service)  # type: ignore[call-overload]

    def secret_version(self, name: str) -> int:
        """Returns the version of an SSM parameter, or 0 if it does not exist."""
        found = self.client("ssm").get_parameters(Names=[name])["Parameters"]
        return int(found[0]["Version"]) if found else 0

    def read_secret(self, name: str) -> str:
        return str(self.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])

    def store_secret(self, name: str, value: str) -> None:
        self.client("ssm").put_parameter(Name=name, Type="SecureString", Overwrite=True, Value=value)
        print(f"Stored the SecureString {name}")
