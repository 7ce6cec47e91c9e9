"""The values of the template's parameters in a deployment."""
from collections.abc import Mapping

from .database import location
from .errors import Stop
from .template import Template

# A change of these parameters replaces a resource that contains data, or leaves the data behind.
DATA_PARAMETERS = (
    "Profile", "DatabaseUrl", "JwtIssuer", "SnapshotIdentifier", "ExistingBucket", "ExistingKeyArn", "ExistingUserPoolId",
    "ExistingClusterId",
)

PROFILE_PARAMETERS = {
    "small": ("DatabaseUrl", "DatabaseUser", "DatabasePasswordParameter"),
    "standard": ("DatabaseVersion", "DatabaseMinCapacity", "DatabaseMaxCapacity", "SnapshotIdentifier", "ExistingClusterId",
                 "ExistingClusterEndpoint", "ExistingClusterResourceId", "ExistingSubnetIds", "ExistingSecurityGroupId", "ExistingVpcId"),
}


class Values:
    """Values of parameters: chosen in this run, saved, deployed or the default, in this order.

    given    -- on the command line
    chosen   -- to be deployed: given, saved, or changed in this run. CloudFormation keeps the deployed values of the others
    """

    def __init__(self, template: Template, given: Mapping[str, str], saved: Mapping[str, str], deployed: Mapping[str, str]) -> None:
        self.template = template
        self.given = given
        self.saved = saved
        self.deployed = deployed
        self.chosen = {**saved, **given}
        self.chosen.pop("DeletionProtection", None)  # never saved

    def __getitem__(self, name: str) -> str:
        default = self.template.parameters[name].default
        return self.chosen.get(name, self.deployed.get(name, default or ""))

    def number(self, name: str) -> int:
        return int(self[name] or 0)

    def is_set(self, name: str) -> bool:
        """Returns whether the user has set the parameter, so that infra/deploy may not change its value."""
        return any(name in values for values in (self.saved, self.given, self.deployed))

    def drop_other_profile(self) -> None:
        """Returns the parameters of the other profile to their defaults, unless they are given: for example answers of a failed first try."""
        for profile, names in PROFILE_PARAMETERS.items():
            for name in names if profile != self["Profile"] else ():
                if name not in self.given:
                    self.chosen.pop(name, None)
                    default = self.template.parameters[name].default or ""
                    if self[name] != default:  # deployed
                        self.chosen[name] = default

    def check(self) -> None:
        self.template.check(self.chosen)
        broken = self.template.broken_rules({name: self[name] for name in self.template.parameters})
        if broken:
            raise Stop(f"{'; '.join(broken)}. Change the values with --set NAME=VALUE.")
        missing = [name for name, parameter in self.template.parameters.items() if parameter.default is None and not self[name]]
        if missing:
            raise Stop(f"Missing: {', '.join(missing)}. Pass each with --set NAME=VALUE.")

    def check_data_parameters(self, stack: str, is_move_allowed: bool) -> None:
        """Checks that the deployed stack keeps its data and its users."""
        snapshot = self.deployed.get("SnapshotIdentifier", "")
        if snapshot and self["SnapshotIdentifier"] != snapshot:
            raise Stop(f"SnapshotIdentifier must stay '{snapshot}': CloudFormation would replace the database by another one if it changed."
                       f" Use --set SnapshotIdentifier={snapshot}.")
        changed = [name for name in DATA_PARAMETERS if name in self.deployed and self[name] != self.deployed[name]]
        if "DatabaseUrl" in changed and location(self["DatabaseUrl"]) == location(self.deployed["DatabaseUrl"]):
            changed.remove("DatabaseUrl")
        if changed and not is_move_allowed:
            raise Stop("; ".join(f"{name} would change from '{self.deployed[name]}' to '{self[name]}'" for name in changed)
                       + f". The stack '{stack}' would leave its data or its users behind. Deploy a second stack with --stack, or move the"
                       " data yourself and pass --allow-data-move.")

    def check_admin(self) -> None:
        """Checks that the deployed stack keeps the user that it created as the first admin.

        CloudFormation would create a second admin beside the first, which is retained, or fail because the user exists.
        """
        if any(self[name] or self.deployed.get(name) for name in ("JwtIssuer", "ExistingUserPoolId")):
            return  # the stack has created no admin
        deployed = self.deployed.get("AdminEmail", self["AdminEmail"])
        if self["AdminEmail"] != deployed:
            raise Stop(f"AdminEmail cannot change from '{deployed}' to '{self['AdminEmail']}': it is the admin whom the first deployment invites."
                       " Add other admins with 'aws cognito-idp admin-create-user' and 'aws cognito-idp admin-add-user-to-group', as"
                       f" docs/sign-in.md describes. Keep the value with --set AdminEmail={deployed}")
