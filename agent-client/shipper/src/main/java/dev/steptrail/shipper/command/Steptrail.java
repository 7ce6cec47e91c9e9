package dev.steptrail.shipper.command;

import dev.steptrail.shipper.SettingsException;
import dev.steptrail.shipper.ShipException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The {@code steptrail} command. Exit codes: 0 done; 1 something could not be done, told in one line on standard error; 2
 * wrong usage.
 */
@Command(
        name = "steptrail",
        description = "Ships what phone agents recorded, and looks after what arrived.",
        mixinStandardHelpOptions = true,
        versionProvider = Steptrail.Version.class,
        subcommands = {
            ShipCommand.class,
            StatusCommand.class,
            ImportCommand.class,
            RecordCommand.class,
            DoctorCommand.class,
            RejectedCommand.class,
            AgentsCommand.class,
            RestoreCommand.class
        },
        footer = {
            "",
            "Where to ship is told by STEPTRAIL_QUEUE_URL, STEPTRAIL_BUCKET, STEPTRAIL_SENDER and",
            "the variables of AWS. The local cloud writes them all into DIR/local.env."
        })
public final class Steptrail implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Map<String, String> environment;

    private Steptrail(Map<String, String> environment) {
        this.environment = environment;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Steptrail.class.getPackage().getImplementationVersion();
            return new String[] {"steptrail " + (version == null ? "(not built as a jar)" : version)};
        }
    }

    public static void main(String[] arguments) {
        System.exit(command(System.getenv()).execute(arguments));
    }

    static CommandLine command(Map<String, String> environment) {
        CommandLine command = new CommandLine(new Steptrail(environment));
        command.registerConverter(ZoneId.class, Steptrail::zone);
        command.setParameterExceptionHandler((e, arguments) -> {
            CommandLine failed = e.getCommandLine();
            new LinePrinter(failed.getErr())
                    .println("steptrail: " + e.getMessage() + "; see "
                            + failed.getCommandSpec().qualifiedName() + " --help");
            return failed.getCommandSpec().exitCodeOnInvalidInput();
        });
        command.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof ShipException || e instanceof SettingsException || e instanceof IOException) {
                new LinePrinter(failed.getErr()).println("steptrail: " + told(e));
                return failed.getCommandSpec().exitCodeOnExecutionException();
            }
            throw e;
        });
        return command;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "no time zone is called '" + name + "'; use one like Asia/Shanghai or +08:00");
        }
    }

    /** What is wrong, in one line; of many errors of files the message is their path alone. */
    static String told(Exception e) {
        boolean pathAlone = e instanceof FileSystemException file && file.getReason() == null;
        return pathAlone || e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Reached when no command is named. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: " + String.join(", ", spec.subcommands().keySet()));
    }
}
