package dev.steptrail.cli;

import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that works on an outbox. */
abstract class OutboxCommand extends SteptrailCommand {
    /** A section of the help. */
    static final String ENVIRONMENT = "%nEnvironment:%n  STEPTRAIL_OUTBOX     the outbox, unless --outbox is given";

    static final String SHIPPING_ENVIRONMENT = ENVIRONMENT
            + "%n  STEPTRAIL_QUEUE_URL  the SQS queue"
            + "%n  STEPTRAIL_BUCKET     the S3 bucket"
            + "%n  STEPTRAIL_SENDER     the registered sender (default: determined by STS)"
            + "%n  AWS_*                region and credentials, as for the AWS SDK";

    private static final String VARIABLE = "STEPTRAIL_OUTBOX";

    @Option(
            names = "--outbox",
            paramLabel = "DIR",
            description = "Folder of the outbox (default: $STEPTRAIL_OUTBOX or ~/.steptrail/outbox).")
    private @Nullable Path folder;

    /**
     * The timeout for the API.
     *
     * @throws ParameterException if it is less than a second
     */
    final Duration waitTimeout(int seconds) {
        if (seconds < 1) {
            throw wrong("--wait must be at least 1, but is " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    /** Opens the outbox for writing. Creates it if it does not exist. */
    final Outbox openOutbox() throws IOException {
        return Outbox.open(path());
    }

    /** @throws IOException if no folder is given and this user has no home folder */
    final Path path() throws IOException {
        Path named = named();
        if (named != null) {
            return named;
        }
        // Shells expand ~ from HOME, whereas Java's user.home comes from the user database.
        String home = environment().getOrDefault("HOME", "");
        if (home.isBlank()) {
            home = System.getProperty("user.home", "?");
        }
        if (home.equals("?")) { // a user without an account, for example in a container
            throw new IOException("this user has no home folder: set --outbox or " + VARIABLE);
        }
        return Path.of(home, ".steptrail", "outbox");
    }

    /**
     * Opens the outbox for reading. A folder that is given must exist, because a mistyped name would look like an empty
     * outbox. The default folder is created if it does not exist.
     */
    final Outbox existingOutbox() throws IOException {
        Path named = named();
        if (named != null && !Files.exists(named)) {
            throw new IOException("the outbox " + named + " does not exist: correct "
                    + (folder == null ? VARIABLE : "--outbox")
                    + ", or create the folder if nothing has been recorded yet");
        }
        return openOutbox();
    }

    /** Opens the outbox for reading, which also works on a file system that is mounted read-only. */
    final Outbox readOnlyOutbox() throws IOException {
        return Files.exists(path()) ? Outbox.openReadOnly(path()) : existingOutbox();
    }

    /** @throws ParameterException if the option is empty, which would mean the working directory */
    private @Nullable Path named() {
        if (folder != null && folder.toString().isBlank()) {
            throw wrong("--outbox is empty");
        }
        String set = environment().get(VARIABLE);
        return folder != null || set == null || set.isBlank() ? folder : Path.of(set);
    }
}
