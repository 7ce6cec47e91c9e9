package dev.steptrail.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BeginRunIT {
    private static final int RUNNERS = 8;
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @Test
    void manyAtOnce_oneBegins_andTheNextMayWhenItHasEnded() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(RUNNERS);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<OptionalLong>> begun = new ArrayList<>();
        for (int runner = 0; runner < RUNNERS; runner++) {
            begun.add(pool.submit(() -> {
                try (Database database = DATABASE.database()) {
                    database.check();
                    start.await();
                    return new BeginRun(database).of("partitions");
                }
            }));
        }
        start.countDown();
        List<Long> ids = new ArrayList<>();
        for (Future<OptionalLong> one : begun) {
            one.get().ifPresent(ids::add);
        }
        pool.shutdown();
        assertThat(ids).hasSize(1);

        try (Database database = DATABASE.database()) {
            BeginRun begin = new BeginRun(database);
            assertThat(begin.of("partitions")).isEmpty();
            assertThat(begin.of("retention")).isPresent();
            new EndRun(database).with(ids.get(0), "done", null, Map.of("made", 1));
            assertThat(begin.of("partitions")).isPresent();
        }
        assertThat(DATABASE.value("SELECT counts->>'made' FROM maintenance_runs WHERE outcome = 'done'"))
                .isEqualTo("1");
    }
}
