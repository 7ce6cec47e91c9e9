"""The release: builds the functions, computes its digest, deploys it with SAM, and prints the stack's outputs."""
import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from .answers import override
from .checkout import ROOT, TEMPLATE, ZIPS, answers_file
from .context import Context
from .errors import Stop
from .stack import describe_stack, outputs_of

SAM = str(Path(sys.executable).with_name("sam"))  # of this Python environment


def build(is_built: bool) -> None:
    """Builds the functions' zips, unless they are built already."""
    if not is_built:
        print("Building the functions …")
        modules = ",".join(f"functions/{zip_file.stem}" for zip_file in ZIPS)
        # Equal sources must give equal zips: no classes of deleted sources, and files that Lambda can read.
        os.umask(0o022)
        command = [str(ROOT / "mvnw"), "-q", "-B", "-ntp", "-DskipTests", "-pl", modules, "-am", "clean", "package"]
        if subprocess.run(command, cwd=ROOT).returncode:
            raise Stop("The build failed; its messages are above. To deploy zips that exist already, pass --no-build.")
    missing = [str(zip_file.relative_to(ROOT)) for zip_file in ZIPS if not zip_file.exists()]
    if missing:
        raise Stop(f"Missing: {', '.join(missing)}. Run infra/deploy without --no-build.")


def confirm_creation(context: Context) -> None:
    """Asks whether to create the stack, if it does not exist."""
    if context.stack.exists:
        return
    print(f"\nCreates the stack '{context.stack.name}' in account {context.account.id}, {context.account.region}:")
    for name, value in sorted(context.values.chosen.items()):
        if value:
            first_line, *others = value.splitlines()
            print(f"  {name} = {first_line}{' …' if others else ''}")
    if not context.options.dry_run and not context.questions.confirm("Deploy?"):
        raise Stop("Nothing was deployed.")


def release_digest(context: Context) -> str:
    """Returns a digest of everything that a function's version depends on: the zips, the template, and the parameters' values.

    For secrets it contains the name and the version. Deletion protection is left out, because no function depends on it.
    """
    digest = hashlib.sha256(context.release_salt.encode())
    for path in [*ZIPS, TEMPLATE]:
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for name in sorted(set(context.values.template.parameters) - {"ReleaseDigest", "DeletionProtection"}):
        value = context.values[name]
        if value:
            is_secret = name.endswith(("KeyParameter", "PasswordParameter"))
            digest.update(json.dumps([name, value, context.account.secret_version(value) if is_secret else 0]).encode())
    return digest.hexdigest()


def deploy(context: Context) -> None:
    """Deploys with SAM, or prints its commands.

    A new stack is not protected from deletion, so that a failed creation can be rolled back. Each deployment that succeeds protects it.
    """
    protection = context.values.given.get("DeletionProtection") or ("true" if context.stack.exists else None)
    run_sam(context, protection or "false")
    if not protection and context.options.is_change:
        print("Turning on deletion protection, which was off so that a failed first deployment could be deleted.")
        run_sam(context, "true")


def run_sam(context: Context, protection: str) -> None:
    stack = context.stack
    values = {**context.values.chosen, "ReleaseDigest": release_digest(context), "DeletionProtection": protection}
    commands = [
        ["build", "--template-file", TEMPLATE.name],
        ["deploy", "--config-file", answers_file(stack.name).name, "--stack-name", stack.name, "--region", context.account.region,
         "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--parameter-overrides"]
        + [override(*each) for each in sorted(values.items())]]
    for arguments in commands:
        if context.options.dry_run:
            print(shlex.join(["sam", *arguments]))
        elif subprocess.run([SAM, *arguments], cwd=ROOT).returncode:
            reason = stack.first_failure() if arguments[0] == "deploy" else ""
            raise Stop(f"'sam {arguments[0]}' failed{reason}. Fix the cause and run infra/deploy again;"
                       " docs/troubleshooting.md lists common causes.")


def print_outputs(context: Context) -> None:
    values, before = context.values, context.stack.parameters
    outputs = outputs_of(describe_stack(context.account, context.stack.name) or {})
    print(f"\nDeployed the stack '{context.stack.name}':")
    for name, value in sorted(outputs.items()):
        print(f"  {name}: {value}")
    steps = []
    # Only mails that this deployment has sent. An adopted pool has its users, and another issuer its own.
    creates_admin = not values["JwtIssuer"] and not values["ExistingUserPoolId"]
    if creates_admin and values["AdminEmail"] not in ("", before.get("AdminEmail")):
        steps.append(f"{values['AdminEmail']} gets an invitation with a temporary password: sign in at {outputs.get('ViewerUrl', '')}")
    if values["AlarmEmail"] not in ("", before.get("AlarmEmail")):
        steps.append(f"{values['AlarmEmail']} gets a mail from AWS: confirm the subscription to the alarms")
    steps.append(f"export STEPTRAIL_API={outputs.get('ApiUrl', '')} && agent-client/steptrail login && agent-client/steptrail whoami")
    steps.append(f"attach {outputs.get('AgentPolicyArn', 'AgentPolicyArn')} to the credentials of a lab machine, and run"
                 " agent-client/steptrail agents add <sender_id> --owner <owner> (docs/administration.md)")
    print("\nNext steps:")
    for number, step in enumerate(steps, 1):
        print(f"  {number}. {step}")
