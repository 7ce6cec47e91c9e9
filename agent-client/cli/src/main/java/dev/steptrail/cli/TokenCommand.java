package dev.steptrail.cli;

import dev.steptrail.cli.api.Api;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "token",
        description = {
            "Print an access token of the login, for programs that call the API themselves.",
            "The token is valid for at least a minute. Whoever has it can use the API as you until it expires."
        },
        footer = {"  steptrail token", "%nEnvironment:%n" + ApiCommand.VARIABLES})
final class TokenCommand extends SteptrailCommand {
    @Override
    public Integer call() throws IOException {
        println(ApiCommand.tokens(environment(), Api.address(environment())).token());
        return 0;
    }
}
