package dev.steptrail.shipper.command;

import dev.steptrail.shipper.SettingsException;
import dev.steptrail.shipper.ShipException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The {@code steptrail} command. Exit codes: 0 done; 1 something could not be done, told in one line on standard error; 2
 * wrong usage.
 */
@Command(
        name = "steptrail",
        description = "Ships what phone agents recorded.",
        mixinStandardHelpOptions = true,
        version = "steptrail 0.1.0-SNAPSHOT",
        subcommands = {ShipCommand.class, StatusCommand.class, ImportCommand.class},
        footer = {
            "",
            "Where to is told by STEPTRAIL_QUEUE_URL, STEPTRAIL_BUCKET, STEPTRAIL_SENDER and AWS's own",
            "variables; the local cloud writes them all into DIR/local.env."
        })
public final class Steptrail {
    private Steptrail() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine command = new CommandLine(new Steptrail());
        command.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof ShipException || e instanceof SettingsException || e instanceof IOException) {
                failed.getErr().println("steptrail: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        if (arguments.length == 0) {
            return usage(command);
        }
        return command.execute(arguments);
    }

    private static int usage(CommandLine command) {
        ParameterException e = new ParameterException(command, "Name a command");
        command.getErr().println(e.getMessage());
        command.usage(command.getErr());
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}
