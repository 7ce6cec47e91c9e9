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
 * Looks whether shipping can work from this machine, with no more rights than a shipper has: it sends a message without
 * records, which ingest passes over, and stores one small object, the same each time. Not thread-safe.
 */
public final class Doctor {
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
            bad("encoder", "does not work here: " + e.getMessage());
        }
    }

    private void ok(String what, String told) {
        findings.add(new Finding(what, true, told));
    }

    private void bad(String what, String told) {
        findings.add(new Finding(what, false, told));
    }
}
