package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.steptrail.shipper.Doctor.Finding;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks of a {@link Doctor} that call AWS. Used once. */
final class CloudCheck implements AutoCloseable {
    /** AWS refuses requests whose time differs by 5 minutes (SQS) or 15 (S3). */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /** Problems that do not show whether the credentials are good, because AWS may not have checked them. */
    private static final Set<ShipProblem> BEFORE_CREDENTIALS =
            EnumSet.of(ShipProblem.UNREACHABLE, ShipProblem.CLOCK, ShipProblem.THROTTLED, ShipProblem.OTHER);

    private final ShipperSettings settings;
    private final ServerClock serverClock;
    private final AwsClients clients;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable String badCredentials;
    private boolean credentialsSeen;

    /** @throws SettingsException if a setting that the SDK finds elsewhere is missing */
    CloudCheck(ShipperSettings settings, Clock clock) {
        this.settings = settings;
        this.serverClock = new ServerClock(clock);
        this.clients = new AwsClients(settings, serverClock);
    }

    /** Returns the results for credentials, queue, sender, bucket and clock. */
    List<Finding> examine() {
        queue();
        Optional<String> sender = sender();
        if (sender.isPresent()) {
            bucket(sender.get());
        } else {
            bad("bucket", "not checked: the keys of its objects contain the sender, which is unknown");
        }
        findings.add(0, credentials());
        clock();
        return findings;
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
            if (answer instanceof StepQueue.Answer.Later later) {
                failed("queue", later.reason());
            } else if (answer instanceof StepQueue.Answer.Refused refused) {
                bad("queue", refused.reason());
            } else {
                passed("queue", settings.queueUrl() + " accepts messages");
            }
        } catch (ShipException e) {
            failed("queue", e);
        }
    }

    private Optional<String> sender() {
        if (settings.sender().isPresent()) {
            ok("sender", settings.sender().get() + " from STEPTRAIL_SENDER, which must be the id of the credentials");
            return settings.sender();
        }
        try {
            String sender = CallerIdentity.userId(clients);
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
        Optional<Duration> off = serverClock.skew();
        if (off.isEmpty()) {
            bad("clock", "not checked: neither SQS nor S3 answers");
        } else if (off.get().compareTo(CLOCK_TOLERANCE) > 0) {
            bad(
                    "clock",
                    "off by " + off.get().toSeconds()
                            + " s: set it by NTP, because AWS refuses requests with a wrong time");
        } else {
            ok("clock", "correct to " + Math.max(1, off.get().toSeconds()) + " s");
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

    private void ok(String what, String message) {
        findings.add(new Finding(what, true, message));
    }

    private void bad(String what, String message) {
        findings.add(new Finding(what, false, message));
    }

    @Override
    public void close() {
        clients.close();
    }
}
