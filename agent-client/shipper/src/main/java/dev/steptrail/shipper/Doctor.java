package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Checks whether this machine can ship, using only a shipper's permissions. It sends a message without records, which
 * ingest ignores, and stores one small object under a fixed key. Not thread-safe.
 */
public final class Doctor {
    /** The default size limit of an outbox. */
    private static final long RECOMMENDED_SPACE = 2L << 30;

    /** AWS rejects requests whose time is off by 5 minutes (SQS) or 15 minutes (S3). */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /** Problems that may occur before AWS checks the credentials, and thus do not show that these are valid. */
    private static final Set<ShipProblem> BEFORE_CREDENTIALS =
            EnumSet.of(ShipProblem.UNREACHABLE, ShipProblem.CLOCK, ShipProblem.THROTTLED, ShipProblem.OTHER);

    private final Map<String, String> environment;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * The result of one check.
     *
     * @param what such as {@code queue}
     * @param ok whether it passed
     * @param message the state, or what to do
     */
    public record Finding(String what, boolean ok, String message) {}

    public Doctor(Map<String, String> environment) {
        this(environment, Clock.systemUTC());
    }

    Doctor(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /**
     * Runs all checks, except those that need settings that are missing.
     *
     * @param outbox the outbox folder, whose disk is checked; it need not exist. Null to skip this check
     */
    public List<Finding> examine(@Nullable Path outbox) {
        findings.clear();
        settings().ifPresent(this::cloud);
        if (outbox != null) {
            disk(outbox);
        }
        encoder();
        return List.copyOf(findings);
    }

    private Optional<ShipperSettings> settings() {
        try {
            ShipperSettings settings = ShipperSettings.from(environment);
            ok("settings", "complete");
            return Optional.of(settings);
        } catch (SettingsException e) {
            bad("settings", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void cloud(ShipperSettings settings) {
        try (CloudCheck check = new CloudCheck(settings)) {
            check.examine();
        } catch (SettingsException e) {
            bad("settings", String.valueOf(e.getMessage()));
        }
    }

    private void disk(Path outbox) {
        try {
            Path present = outbox.toAbsolutePath();
            while (present.getParent() != null && !Files.exists(present)) {
                present = present.getParent();
            }
            long free = Files.getFileStore(present).getUsableSpace();
            String space = outbox + ": " + (free >> 20) + " MiB free";
            if (free < RECOMMENDED_SPACE) {
                bad(
                        "disk",
                        space + ", but an outbox may grow to " + (RECOMMENDED_SPACE >> 20)
                                + " MiB: free space, or set a smaller" + " maxOutboxBytes");
            } else {
                ok("disk", space);
            }
        } catch (IOException e) {
            bad("disk", outbox + ": " + e);
        }
    }

    private void encoder() {
        try {
            WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", png);
            ok("encoder", "works: encoded an empty screen to " + encoder.encode(png.toByteArray()).length + " bytes");
        } catch (IOException | RuntimeException e) {
            bad("encoder", "failed: " + e.getMessage());
        }
    }

    private void ok(String what, String message) {
        findings.add(new Finding(what, true, message));
    }

    private void bad(String what, String message) {
        findings.add(new Finding(what, false, message));
    }

    /** The checks that call AWS. They compare the clock with the {@code Date} of each response. Used once. */
    private final class CloudCheck implements ExecutionInterceptor, AutoCloseable {
        private final ShipperSettings settings;
        private final AwsClients clients;
        private volatile @Nullable Duration skew;
        private @Nullable String badCredentials;
        private boolean credentialsSeen;

        CloudCheck(ShipperSettings settings) {
            this.settings = settings;
            clients = new AwsClients(settings, this);
        }

        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            try {
                String date = context.httpResponse().firstMatchingHeader("Date").orElse("");
                Instant time = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
                skew = Duration.between(time, clock.instant()).abs();
            } catch (DateTimeException notADate) {
                return; // another response may have a valid date
            }
        }

        /** Adds the findings on credentials, queue, sender, bucket and clock. */
        void examine() {
            int first = findings.size();
            queue();
            sender().ifPresentOrElse(
                            this::bucket,
                            () -> bad(
                                    "bucket",
                                    "not checked: the keys of its objects contain the sender, which is unknown"));
            findings.add(first, credentials());
            clock();
        }

        private Finding credentials() {
            if (badCredentials != null) {
                return new Finding("credentials", false, badCredentials);
            }
            return credentialsSeen
                    ? new Finding("credentials", true, "accepted")
                    : new Finding("credentials", false, "not checked: first correct what is reported below");
        }

        private void queue() {
            try {
                StepQueue.Answer answer = new StepQueue(settings, clients)
                        .send(List.of(MessageCodec.encode(List.of())))
                        .get(0);
                if (answer instanceof StepQueue.Answer.Retryable retryable) {
                    failed("queue", retryable.reason());
                } else if (answer instanceof StepQueue.Answer.Rejected rejected) {
                    bad("queue", rejected.reason());
                } else {
                    passed("queue", settings.queueUrl() + " accepts messages");
                }
            } catch (ShipException e) {
                failed("queue", e);
            }
        }

        private Optional<String> sender() {
            if (settings.sender().isPresent()) {
                ok(
                        "sender",
                        settings.sender().get() + " from STEPTRAIL_SENDER, which must be the id of the credentials");
                return settings.sender();
            }
            try {
                String sender = clients.userId();
                passed("sender", sender + " from STS; an administrator must have registered it");
                return Optional.of(sender);
            } catch (ShipException e) {
                failed("sender", e);
                return Optional.empty();
            }
        }

        private void bucket(String sender) {
            String key = Payload.FOLDER + "/" + sender + "/doctor/check.txt";
            try {
                new ScreenshotBucket(settings, clients).put(key, "ok".getBytes(US_ASCII), "text/plain");
                passed("bucket", settings.bucket() + " accepts objects under " + sender);
            } catch (ShipException e) {
                failed("bucket", e);
            }
        }

        private void clock() {
            Duration off = skew;
            if (off == null) {
                bad("clock", "not checked: neither SQS nor S3 responded");
            } else if (off.compareTo(CLOCK_TOLERANCE) > 0) {
                bad(
                        "clock",
                        "off by " + off.toSeconds()
                                + " s: set it by NTP, because AWS refuses requests with a wrong time");
            } else {
                ok("clock", "correct to " + Math.max(1, off.toSeconds()) + " s");
            }
        }

        private void failed(String what, ShipException e) {
            String message = String.valueOf(e.getMessage());
            if (e.problem() == ShipProblem.CREDENTIALS) {
                badCredentials = badCredentials == null ? message : badCredentials;
                bad(what, "not checked: the credentials are wrong");
            } else {
                credentialsSeen |= !BEFORE_CREDENTIALS.contains(e.problem());
                bad(what, message);
            }
        }

        private void passed(String what, String message) {
            credentialsSeen = true;
            ok(what, message);
        }

        @Override
        public void close() {
            clients.close();
        }
    }
}
