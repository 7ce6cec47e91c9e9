package dev.steptrail.api;

import dev.steptrail.store.admin.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final AuditLog audit;
    private final InstantSource clock;

    /** By reader, action and task: a list, since a record's first hash takes the JVM as long as the page. */
    private final Map<List<?>, Instant> noted = new LinkedHashMap<>();

    /** One at a time works; it ends when it has nothing to do for a minute. */
    private final Executor threads = Executors.newCachedThreadPool(Reads::daemon);

    Reads(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Notes a read while its answer is written out, since to force a row to the disk may take as long, and gives the answer away once both are done.
     * Nobody else may use the database meanwhile.
     */
    Response note(View view, String action, Response answer) {
        List<?> read = List.of(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        if (isNoted(read, now)) {
            return answer.written();
        }
        CompletableFuture<Void> noted =
                CompletableFuture.runAsync(() -> audit.recordRead(view.reader(), action, view.task()), threads);
        Response written;
        try {
            written = answer.written();
        } finally {
            await(noted);
        }
        remember(read, now);
        return written;
    }

    private boolean isNoted(List<?> read, Instant now) {
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

    private void remember(List<?> read, Instant now) {
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
