package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.shipper.screenshot.WebpSettings;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.tracker.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Looks whether shipping can work from this machine, with no more rights than a shipper has: it sends a message without
 * records, which ingest passes over, and stores one small object, the same each time. Not thread-safe.
 */
public final class Doctor {
    /** AWS refuses requests whose time is off by 5 minutes (SQS) or 15 (S3). */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /** What an outbox may hold by default. */
    private static final long SPACE_WANTED = 2L << 30;

    private final Map<String, String> environment;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * One thing looked at.
     *
     * @param what such as {@code queue}
     * @param ok whether it can stay as it is
     * @param told how it is, or what to do
     */
    public record Finding(String what, boolean ok, String told) {}

    public Doctor(Map<String, String> environment) {
        this(environment, Clock.systemUTC());
    }

    Doctor(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** Looks at everything; what cannot be looked at because of something else is left out. */
    public List<Finding> examine(Outbox outbox) {
        findings.clear();
        settings().ifPresent(this::aws);
        disk(outbox.folder());
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

    private void aws(ShipperSettings settings) {
        try (AwsClients clients = new AwsClients(settings)) {
            queue(settings, clients);
            sender(settings, clients).ifPresent(sender -> bucket(settings, clients, sender));
        } catch (SettingsException e) {
            bad("settings", String.valueOf(e.getMessage()));
        }
    }

    private void queue(ShipperSettings settings, AwsClients clients) {
        try (StepQueue queue = new StepQueue(settings, clients.sqs())) {
            StepQueue.Answer answer =
                    queue.send(List.of(MessageCodec.encode(List.of()))).get(0);
            if (answer instanceof StepQueue.Answer.Later later) {
                bad("queue", String.valueOf(later.reason().getMessage()));
            } else if (answer instanceof StepQueue.Answer.Refused refused) {
                bad("queue", refused.reason());
            } else {
                ok("queue", settings.queueUrl() + " takes messages");
            }
        } catch (ShipException e) {
            bad("queue", String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> sender(ShipperSettings settings, AwsClients clients) {
        if (settings.sender().isPresent()) {
            ok("sender", settings.sender().get() + " by STEPTRAIL_SENDER, which must be the id of the credentials");
            return settings.sender();
        }
        try (StsClient sts = clients.sts()) {
            String sender = sts.getCallerIdentity().userId();
            ok("sender", sender + " by STS; an administrator must have registered it");
            return Optional.of(sender);
        } catch (SdkException e) {
            bad("sender", String.valueOf(AwsErrors.ofIdentity(e).getMessage()));
            return Optional.empty();
        }
    }

    private void bucket(ShipperSettings settings, AwsClients clients, String sender) {
        String key = Payload.FOLDER + "/" + sender + "/doctor/check.txt";
        try (S3Client s3 = clients.s3()) {
            Optional<String> date = s3.putObject(
                            request -> request.bucket(settings.bucket()).key(key), RequestBody.fromString("ok"))
                    .sdkHttpResponse()
                    .firstMatchingHeader("Date");
            ok("bucket", settings.bucket() + " stores objects under " + sender);
            date.ifPresent(this::clock);
        } catch (SdkException e) {
            bad("bucket", String.valueOf(AwsErrors.ofBucket(e, settings).getMessage()));
        }
    }

    private void clock(String date) {
        try {
            Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            Duration off = Duration.between(theirs, clock.instant()).abs();
            if (off.compareTo(CLOCK_TOLERANCE) > 0) {
                bad("clock", "off by " + off.toSeconds() + " s: set it by NTP, AWS refuses requests of a wrong time");
            } else {
                ok("clock", "right to " + Math.max(1, off.toSeconds()) + " s");
            }
        } catch (DateTimeParseException e) {
            bad("clock", "cannot be compared: S3 tells no time");
        }
    }

    private void disk(Path outbox) {
        try {
            long free = Files.getFileStore(outbox).getUsableSpace();
            String told = outbox + ": " + (free >> 20) + " MiB free";
            if (free < SPACE_WANTED) {
                bad(
                        "disk",
                        told + ", and an outbox may hold " + (SPACE_WANTED >> 20) + ": make room, or set a smaller"
                                + " maxOutboxBytes");
            } else {
                ok("disk", told);
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
            ok("encoder", "makes WebP, " + encoder.encode(png.toByteArray()).length + " bytes of an empty screen");
        } catch (IOException | RuntimeException e) {
            bad("encoder", "cwebp does not run here: " + e.getMessage());
        }
    }

    private void ok(String what, String told) {
        findings.add(new Finding(what, true, told));
    }

    private void bad(String what, String told) {
        findings.add(new Finding(what, false, told));
    }
}
