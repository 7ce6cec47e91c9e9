package dev.steptrail.cli.account;

import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.SteptrailCommand;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "token",
        description = {
            "Print an access token of the login, for programs that call the API themselves.",
            "The token is valid for at least a minute. Anyone with it can use the API as you until it expires."
        },
        footer = {"  steptrail token", "%nEnvironment:%n" + ApiCommand.VARIABLES})
public final class TokenCommand extends SteptrailCommand {
    @Override
    public Integer call() throws IOException {
        println(ApiCommand.tokens(environment(), Api.address(environment())).token());
        return 0;
    }
}
