package dev.steptrail.shipper.command;

import dev.steptrail.shipper.SettingsException;
import dev.steptrail.shipper.ShipException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * The {@code steptrail} command. Exit codes: 0 done; 1 something could not be done, told in one line on standard error; 2
 * wrong usage.
 */
@Command(
        name = "steptrail",
        description = "Ships what phone agents recorded.",
        mixinStandardHelpOptions = true,
        versionProvider = Steptrail.Version.class,
        subcommands = {ShipCommand.class, StatusCommand.class, ImportCommand.class},
        footer = {
            "",
            "Where to ship is told by STEPTRAIL_QUEUE_URL, STEPTRAIL_BUCKET, STEPTRAIL_SENDER and",
            "the variables of AWS. The local cloud writes them all into DIR/local.env."
        })
public final class Steptrail {
    private Steptrail() {}

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Steptrail.class.getPackage().getImplementationVersion();
            return new String[] {"steptrail " + (version == null ? "(not built as a jar)" : version)};
        }
    }

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
