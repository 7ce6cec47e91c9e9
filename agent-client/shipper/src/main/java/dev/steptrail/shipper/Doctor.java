package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.shipper.screenshot.WebpSettings;
import dev.steptrail.tracker.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * Checks whether shipping can work from this machine, with the permissions of a shipper: it sends a message without records, which
 * ingest ignores, and stores one small object, always the same. Not thread-safe.
 */
public final class Doctor {
    /** The default size limit of an outbox. */
    private static final long WANTED_SPACE = 2L << 30;

    private final Map<String, String> environment;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * The result of one check.
     *
     * @param what such as {@code queue}
     * @param ok whether it passed
     * @param message its state, or what to do
     */
    public record Finding(String what, boolean ok, String message) {}

    public Doctor(Map<String, String> environment) {
        this(environment, Clock.systemUTC());
    }

    Doctor(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** Runs all checks, except those that need settings that are missing. */
    public List<Finding> examine(Outbox outbox) {
        findings.clear();
        settings().ifPresent(this::cloud);
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

    private void cloud(ShipperSettings settings) {
        try (CloudCheck check = new CloudCheck(settings, clock)) {
            findings.addAll(check.examine());
        } catch (SettingsException e) {
            bad("settings", String.valueOf(e.getMessage()));
        }
    }

    private void disk(Path outbox) {
        try {
            long free = Files.getFileStore(outbox).getUsableSpace();
            String space = outbox + ": " + (free >> 20) + " MiB free";
            if (free < WANTED_SPACE) {
                bad(
                        "disk",
                        space + ", and an outbox may hold " + (WANTED_SPACE >> 20)
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
            ok("encoder", "makes WebP, " + encoder.encode(png.toByteArray()).length + " bytes of an empty screen");
        } catch (IOException | RuntimeException e) {
            bad("encoder", "does not work here: " + e.getMessage());
        }
    }

    private void ok(String what, String message) {
        findings.add(new Finding(what, true, message));
    }

    private void bad(String what, String message) {
        findings.add(new Finding(what, false, message));
    }
}
