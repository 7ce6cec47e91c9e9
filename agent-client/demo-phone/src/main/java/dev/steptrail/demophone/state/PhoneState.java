package dev.steptrail.demophone.state;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** State of the phone that is kept when a screen is closed. Not thread-safe. */
public final class PhoneState {
    private final Clock clock;
    private final Map<Stream, Integer> volumes =
            new EnumMap<>(Map.of(Stream.MEDIA, 35, Stream.RING, 60, Stream.NOTIFICATION, 50, Stream.ALARM, 80));
    private final List<Note> notes = new ArrayList<>(
            List.of(new Note("买菜清单\n西红柿、鸡蛋、豆腐、小葱", "昨天 18:20"), new Note("周末去植物园\n记得带相机和水", "周一 21:05")));

    /** A kind of sound with a separate volume. */
    public enum Stream {
        MEDIA,
        RING,
        NOTIFICATION,
        ALARM
    }

    /** A note: its first line is its title. */
    public record Note(String text, String changed) {}

    public PhoneState(Clock clock) {
        this.clock = clock;
    }

    /** Returns the phone's local time. */
    public LocalDateTime now() {
        return LocalDateTime.now(clock);
    }

    /** Returns a volume in percent. */
    public int volume(Stream stream) {
        return volumes.getOrDefault(stream, 0);
    }

    /** Sets a volume, clamped to 0 to 100 percent. */
    public void setVolume(Stream stream, int percent) {
        volumes.put(stream, Math.max(0, Math.min(100, percent)));
    }

    /** Returns the notes, newest first. */
    public List<Note> notes() {
        return List.copyOf(notes);
    }

    public void addNote(Note note) {
        notes.add(0, note);
    }
}
