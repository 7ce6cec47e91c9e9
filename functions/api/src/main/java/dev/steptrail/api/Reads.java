package dev.steptrail.api;

import dev.steptrail.store.RecordRead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

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
    private final Map<Read, Instant> noted = new LinkedHashMap<>();

    /** One at a time works; it ends when it has nothing to do for a minute. */
    private final Executor threads = Executors.newCachedThreadPool(Reads::daemon);

    private record Read(String reader, String action, UUID taskId) {}

    Reads(RecordRead record, InstantSource clock) {
        this.record = record;
        this.clock = clock;
    }

    /**
     * Notes a read while its answer is written out, since to force a row to the disk may take as long, and gives the answer away once both are done.
     * Nobody else may use the database meanwhile.
     */
    Response note(View view, String action, Response answer) {
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        if (isNoted(read, now)) {
            return answer.written();
        }
        CompletableFuture<Void> noted =
                CompletableFuture.runAsync(() -> record.record(read.reader(), action, view.task()), threads);
        Response written;
        try {
            written = answer.written();
        } finally {
            await(noted);
        }
        remember(read, now);
        return written;
    }

    private boolean isNoted(Read read, Instant now) {
        Instant before = noted.get(read);
        return before != null && now.isBefore(before.plus(SAME));
    }

    private static void await(CompletableFuture<Void> noted) {
        try {
            noted.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void remember(Read read, Instant now) {
        noted.remove(read); // so that it is the youngest
        noted.put(read, now);
        if (noted.size() > MOST_REMEMBERED) {
            noted.remove(noted.keySet().iterator().next());
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "reads");
        thread.setDaemon(true);
        return thread;
    }
}
