package dev.steptrail.cli.account;

import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.login.LoginStore;
import dev.steptrail.cli.login.LoginToken;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "logout",
        description = "Revoke the tokens of steptrail login at the issuer, and delete them.",
        footer = {"  steptrail logout", "%nEnvironment:%n  STEPTRAIL_API        URL of the API, such as https://host"})
public final class LogoutCommand extends SteptrailCommand {
    @Override
    public Integer call() throws IOException {
        String address = Api.address(environment());
        boolean wasLoggedIn = new LoginToken(address, new LoginStore(environment(), address)).logout();
        println(wasLoggedIn ? "signed out of " + address : "there was no login for " + address);
        return 0;
    }
}
