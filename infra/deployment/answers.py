"""The saved answers of a stack: configuration files of the SAM CLI."""
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import tomlkit
from samcli.cli.types import CfnParameterOverridesType  # type: ignore[import-untyped]
from tomlkit.exceptions import TOMLKitError

from .checkout import CONFIG, ROOT, answers_file
from .errors import Stop

COPIED_SETTINGS = ("capabilities", "confirm_changeset", "resolve_s3", "s3_bucket", "tags")
COMPUTED = ("ReleaseDigest", "DeletionProtection")  # of each run, so neither is an answer


def parse_overrides(value: Any) -> dict[str, str]:
    """Parses the parameter_overrides of a configuration file as SAM does."""
    try:
        return dict(CfnParameterOverridesType().convert(value, None, None))
    except click.ClickException as e:
        raise Stop(f"Cannot read the saved parameter_overrides: {e.message}") from e


def override(name: str, value: str) -> str:
    escaped = value.replace('"', '\\"')
    return f'{name}="{escaped}"'


def read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "version = 0.1\n")
    except TOMLKitError as e:
        raise Stop(f"{path.name} is not valid TOML: {e}. Correct it.") from e


def deploy_setting(config: Mapping[str, Any], key: str) -> Any:
    """Returns what 'sam deploy' reads from a configuration file: the value of the command, or of all commands, or None."""
    commands = config.get("default", {})
    for command in ("deploy", "global"):
        settings = commands.get(command, {}).get("parameters", {})
        if key in settings:
            return settings[key]
    return None


def stack_of_sam(config: Mapping[str, Any]) -> str:
    return str(deploy_setting(config, "stack_name") or "steptrail")


def saved_value(stack: str, key: str) -> Any:
    """Returns a saved value of a stack, from infra/deploy or from 'sam deploy --guided', or None."""
    path = answers_file(stack)
    if path.exists():
        return deploy_setting(read(path), key)
    config = read(CONFIG)
    return deploy_setting(config, key) if stack_of_sam(config) == stack else None


def saved_parameters(stack: str) -> dict[str, str]:
    overrides = parse_overrides(saved_value(stack, "parameter_overrides"))
    return {name: value for name, value in overrides.items() if name not in COMPUTED}


def saved_salt(stack: str) -> str:
    """Returns the saved salt of a stack's release digest, or an empty string."""
    return str(read(answers_file(stack)).get("steptrail", {}).get("release_salt", ""))


def saved_stacks() -> list[str]:
    """Returns the names of the stacks with saved answers."""
    stacks = {path.name.split(".")[1] for path in ROOT.glob("samconfig.*.toml")}
    config = read(CONFIG)
    if deploy_setting(config, "parameter_overrides") is not None:
        stacks.add(stack_of_sam(config))
    return sorted(stacks)


def only_saved_stack() -> str | None:
    """Returns the only stack with saved answers, or None if no stack has any."""
    stacks = saved_stacks()
    if len(stacks) > 1:
        raise Stop(f"There are answers of several stacks: {', '.join(stacks)}. Choose one with --stack NAME.")
    return stacks[0] if stacks else None


def save_answers(stack: str, region: str, values: Mapping[str, str], release_salt: str) -> None:
    """Writes a configuration file of the SAM CLI for this stack, with the settings of samconfig.toml.

    release_salt -- saved outside the settings of the SAM CLI
    """
    shared, config = read(CONFIG), read(answers_file(stack))
    settings: Any = config
    for name in ("default", "deploy", "parameters"):
        settings = settings.setdefault(name, tomlkit.table(is_super_table=name != "parameters"))
    for key in COPIED_SETTINGS:
        value = deploy_setting(shared, key)
        if value is not None:
            settings[key] = value
    # An empty digest, so that a 'sam deploy' by hand publishes changed code.
    saved = {**values, "ReleaseDigest": ""}
    # The stack's own folder in the bucket of the zips: 'sam delete' deletes the deployed zips, and equal zips of other stacks have equal names.
    settings.update(stack_name=stack, s3_prefix=stack, region=region,
                    parameter_overrides=" ".join(override(*each) for each in sorted(saved.items())))
    if release_salt:
        config["steptrail"] = {"release_salt": release_salt}
    answers_file(stack).write_text(tomlkit.dumps(config), encoding="utf-8")
