package dev.steptrail.demophone.state;

import java.util.EnumMap;
import java.util.Map;

/** The volume of each kind of sound, in percent. */
public final class Volumes {
    /** A kind of sound with a separate volume. */
    public enum Stream {
        MEDIA,
        RING,
        NOTIFICATION,
        ALARM
    }

    private final Map<Stream, Integer> percents =
            new EnumMap<>(Map.of(Stream.MEDIA, 35, Stream.RING, 60, Stream.NOTIFICATION, 50, Stream.ALARM, 80));

    public int percent(Stream stream) {
        return percents.getOrDefault(stream, 0);
    }

    /** Sets the volume, clamped to 0 to 100. */
    public void set(Stream stream, int percent) {
        percents.put(stream, Math.max(0, Math.min(100, percent)));
    }
}
