package dev.steptrail.cli.shipping;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that works on an outbox. */
public abstract class OutboxCommand extends SteptrailCommand {
    public static final String ENVIRONMENT =
            "%nEnvironment:%n  STEPTRAIL_OUTBOX     the outbox, unless --outbox is given";

    static final String SENDER_VARIABLE =
            "%n  STEPTRAIL_SENDER     the aws:userid of the credentials (default: from STS)";

    public static final String SHIPPING_ENVIRONMENT = ENVIRONMENT
            + "%n  STEPTRAIL_QUEUE_URL  the SQS queue"
            + "%n  STEPTRAIL_BUCKET     the S3 bucket"
            + SENDER_VARIABLE
            + "%n  AWS_*                region and credentials, as for the AWS SDK";

    private static final String VARIABLE = "STEPTRAIL_OUTBOX";

    @Option(
            names = "--outbox",
            paramLabel = "DIR",
            description = "Folder of the outbox (default: $STEPTRAIL_OUTBOX or ~/.steptrail/outbox).")
    private @Nullable Path folder;

    /**
     * Returns the value of {@code --wait}.
     *
     * @throws ParameterException if {@code seconds} is less than 1
     */
    protected final Duration waitTimeout(int seconds) {
        requireAtLeast(1, "--wait", seconds);
        return Duration.ofSeconds(seconds);
    }

    /** Opens the outbox for writing. Creates it if it does not exist. */
    protected final Outbox openOutbox() throws IOException {
        return Outbox.open(path());
    }

    /** Returns what another command needs to use the same outbox: empty unless {@code --outbox} is given. */
    protected final String outboxArgument() {
        return folder == null ? "" : " --outbox " + folder;
    }

    /**
     * Returns the configured folder, or the default one.
     *
     * @throws IOException if no folder is configured and this user has no home folder
     */
    protected final Path path() throws IOException {
        Path configuredFolder = configuredFolder();
        if (configuredFolder != null) {
            return configuredFolder;
        }
        // Shells expand ~ from HOME, whereas Java's user.home comes from the user database.
        String home = environment().getOrDefault("HOME", "");
        if (home.isBlank()) {
            home = System.getProperty("user.home", "?");
        }
        if (home.equals("?")) { // a user without an account, for example in a container
            throw new IOException("cannot determine the home folder: set --outbox or " + VARIABLE);
        }
        return Path.of(home, ".steptrail", "outbox");
    }

    /**
     * Opens the outbox. A configured folder must exist, because a mistyped name would look like an empty outbox. The
     * default folder is created if it does not exist.
     */
    final Outbox existingOutbox() throws IOException {
        Path configuredFolder = configuredFolder();
        if (configuredFolder != null && !Files.exists(configuredFolder)) {
            throw new IOException("the outbox " + configuredFolder + " does not exist: correct "
                    + (folder == null ? VARIABLE : "--outbox")
                    + ", or create the folder if nothing has been recorded yet");
        }
        return openOutbox();
    }

    /** Opens the outbox for reading. This also works on a file system that is mounted read-only. */
    protected final Outbox readOnlyOutbox() throws IOException {
        return Files.exists(path()) ? Outbox.openReadOnly(path()) : existingOutbox();
    }

    /** @throws ParameterException if the option is empty, which would mean the working directory */
    private @Nullable Path configuredFolder() {
        if (folder != null && folder.toString().isBlank()) {
            throw usageError("--outbox is empty");
        }
        String variable = environment().get(VARIABLE);
        return folder != null || variable == null || variable.isBlank() ? folder : Path.of(variable);
    }
}
