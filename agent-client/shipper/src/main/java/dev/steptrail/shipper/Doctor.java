package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import dev.steptrail.stepformat.MessageCodec;
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
import java.util.UUID;
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
    /** No task has this id, so maintenance deletes the test object as an orphan. */
    private static final UUID NO_TASK = new UUID(0, 0);

    /** The default size limit of an outbox. */
    private static final long RECOMMENDED_SPACE = 2L << 30;

    /** Well below the difference at which AWS rejects requests: 5 minutes (SQS) or 15 minutes (S3). */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /** Problems that may occur before AWS checks the credentials, and thus do not prove that they are valid. */
    private static final Set<ShipProblem> BEFORE_AUTHENTICATION =
            EnumSet.of(ShipProblem.UNREACHABLE, ShipProblem.CLOCK, ShipProblem.THROTTLED, ShipProblem.OTHER);

    private final Map<String, String> environment;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * The result of one check.
     *
     * @param what the checked part, such as {@code queue}
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
     * Runs the checks. Without valid settings, the checks that call AWS are skipped.
     *
     * @param outbox the outbox folder, whose disk is checked; it need not exist. Null to skip this check
     */
    public List<Finding> runChecks(@Nullable Path outbox) {
        findings.clear();
        checkSettings().ifPresent(this::checkCloud);
        if (outbox != null) {
            checkDisk(outbox);
        }
        checkEncoder();
        return List.copyOf(findings);
    }

    private Optional<ShipperSettings> checkSettings() {
        try {
            ShipperSettings settings = ShipperSettings.from(environment);
            pass("settings", "complete");
            return Optional.of(settings);
        } catch (SettingsException e) {
            fail("settings", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void checkCloud(ShipperSettings settings) {
        try (CloudCheck check = new CloudCheck(settings)) {
            check.runChecks();
        } catch (SettingsException e) {
            fail("settings", String.valueOf(e.getMessage()));
        }
    }

    private void checkDisk(Path outbox) {
        try {
            Path existing = outbox.toAbsolutePath();
            while (existing.getParent() != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            long free = Files.getFileStore(existing).getUsableSpace();
            String space = outbox + ": " + (free >> 20) + " MiB free";
            if (free < RECOMMENDED_SPACE) {
                fail(
                        "disk",
                        space + ", but an outbox may grow to " + (RECOMMENDED_SPACE >> 20)
                                + " MiB: free disk space, or set a smaller maxOutboxBytes");
            } else {
                pass("disk", space);
            }
        } catch (IOException e) {
            fail("disk", outbox + ": " + e);
        }
    }

    private void checkEncoder() {
        try {
            WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", png);
            pass("encoder", "works: encoded an empty screen to " + encoder.encode(png.toByteArray()).length + " bytes");
        } catch (IOException | RuntimeException e) {
            fail("encoder", "failed: " + e.getMessage());
        }
    }

    private void pass(String what, String message) {
        findings.add(new Finding(what, true, message));
    }

    private void fail(String what, String message) {
        findings.add(new Finding(what, false, message));
    }

    /** The checks that call AWS. They compare the clock with the {@code Date} of each response. Used once. */
    private final class CloudCheck implements ExecutionInterceptor, AutoCloseable {
        private final ShipperSettings settings;
        private final AwsClients clients;
        private volatile @Nullable Duration skew;
        private @Nullable String credentialsProblem;
        private boolean authenticated;

        CloudCheck(ShipperSettings settings) {
            this.settings = settings;
            clients = new AwsClients(settings, this);
        }

        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            try {
                String date = context.httpResponse().firstMatchingHeader("Date").orElse("");
                Instant serverTime = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
                skew = Duration.between(serverTime, clock.instant()).abs();
            } catch (DateTimeException notADate) {
                return; // another response may have a valid date
            }
        }

        /** Adds the findings on credentials, queue, sender, bucket and clock. */
        void runChecks() {
            int credentialsIndex = findings.size();
            checkQueue();
            checkSender()
                    .ifPresentOrElse(
                            this::checkBucket,
                            () -> fail(
                                    "bucket",
                                    "not checked: object keys contain the sender, which is unknown;"
                                            + " fix the sender check first"));
            findings.add(credentialsIndex, credentialsFinding());
            checkClock();
        }

        private Finding credentialsFinding() {
            if (credentialsProblem != null) {
                return new Finding("credentials", false, credentialsProblem);
            }
            return authenticated
                    ? new Finding("credentials", true, "accepted")
                    : new Finding("credentials", false, "not checked: fix the failed checks below first");
        }

        private void checkQueue() {
            try {
                StepQueue.SendResult result = new StepQueue(settings, clients)
                        .send(List.of(MessageCodec.encode(List.of())))
                        .get(0);
                if (result instanceof StepQueue.SendResult.Retryable retryable) {
                    reportFailure("queue", retryable.reason());
                } else if (result instanceof StepQueue.SendResult.Rejected rejected) {
                    fail("queue", rejected.reason());
                } else {
                    reportSuccess("queue", settings.queueUrl() + " accepts messages");
                }
            } catch (ShipException e) {
                reportFailure("queue", e);
            }
        }

        private Optional<String> checkSender() {
            if (settings.sender().isPresent()) {
                pass("sender", settings.sender().get() + " from STEPTRAIL_SENDER; it must match the credentials");
                return settings.sender();
            }
            try {
                String sender = clients.fetchUserId();
                reportSuccess("sender", sender + " from STS; an administrator must have registered it");
                return Optional.of(sender);
            } catch (ShipException e) {
                reportFailure("sender", e);
                return Optional.empty();
            }
        }

        private void checkBucket(String sender) {
            String key = "screenshots/" + sender + "/" + NO_TASK + "/doctor.txt";
            try {
                new ScreenshotBucket(settings, clients).put(key, "ok".getBytes(US_ASCII), "text/plain");
                reportSuccess("bucket", settings.bucket() + " accepts objects under " + sender);
            } catch (ShipException e) {
                reportFailure("bucket", e);
            }
        }

        private void checkClock() {
            Duration offset = skew;
            if (offset == null) {
                fail("clock", "not checked: neither SQS nor S3 responded");
            } else if (offset.compareTo(CLOCK_TOLERANCE) > 0) {
                fail(
                        "clock",
                        "off by " + offset.toSeconds()
                                + " s: synchronize it by NTP, because AWS rejects requests with a wrong time");
            } else {
                pass("clock", "correct to " + Math.max(1, offset.toSeconds()) + " s");
            }
        }

        private void reportFailure(String what, ShipException e) {
            String message = String.valueOf(e.getMessage());
            if (e.problem() == ShipProblem.CREDENTIALS) {
                credentialsProblem = credentialsProblem == null ? message : credentialsProblem;
                fail(what, "not checked: the credentials were rejected");
            } else {
                authenticated |= !BEFORE_AUTHENTICATION.contains(e.problem());
                fail(what, message);
            }
        }

        private void reportSuccess(String what, String message) {
            authenticated = true;
            pass(what, message);
        }

        @Override
        public void close() {
            clients.close();
        }
    }
}
