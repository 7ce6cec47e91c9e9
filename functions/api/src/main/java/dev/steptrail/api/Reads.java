package dev.steptrail.api;

import dev.steptrail.store.RecordRead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Sees to it that who reads of a task is written down. Who reads the same again within a minute, as a viewer does that follows a
 * task, still reads; each instance of the function remembers that for itself.
 */
final class Reads {
    /** For so long a read is still the same. */
    private static final Duration SAME = Duration.ofMinutes(1);

    private static final int MOST_REMEMBERED = 1000;

    private final RecordRead record;
    private final InstantSource clock;
    private final Map<Read, Instant> written = new LinkedHashMap<>();

    private record Read(String reader, String action, UUID taskId) {}

    Reads(RecordRead record, InstantSource clock) {
        this.record = record;
        this.clock = clock;
    }

    /** Notes a read, before its answer is given away. */
    void note(View view, String action) {
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        Instant before = written.get(read);
        if (before != null && now.isBefore(before.plus(SAME))) {
            return;
        }
        record.record(view.reader(), action, view.task());
        written.remove(read); // so that it is the youngest
        written.put(read, now);
        if (written.size() > MOST_REMEMBERED) {
            written.remove(written.keySet().iterator().next());
        }
    }
}
