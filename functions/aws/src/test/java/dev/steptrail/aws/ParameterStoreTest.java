package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ParameterStoreTest extends ParameterStoreContract {
    private static final TestParameters PARAMETERS = TestParameters.start();

    @AfterAll
    static void stopServer() {
        PARAMETERS.close();
    }

    @Override
    protected Settings settings() {
        return new Settings(PARAMETERS.settings());
    }

    @Test
    void get_afterAFailedRead_returnsTheLastValueForAMinuteWithoutReading_untilItIsInvalidated() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T10:00:00Z"));
        try (TestParameters parameters = TestParameters.start()) {
            parameters.put("/steptrail/dev/cdn", "one");
            ParameterStore store = new ParameterStore(new Settings(parameters.settings()), now::get);
            assertThat(store.get("/steptrail/dev/cdn")).isEqualTo("one");
            parameters.put("/steptrail/dev/cdn", "two");
            parameters.setFailing(true);
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(5)));
            assertThat(store.get("/steptrail/dev/cdn")).isEqualTo("one");
            int reads = parameters.reads();
            assertThat(reads).isGreaterThan(1);

            now.updateAndGet(time -> time.plus(Duration.ofSeconds(59)));
            assertThat(store.get("/steptrail/dev/cdn")).isEqualTo("one");
            assertThat(parameters.reads()).as("after 59 s").isEqualTo(reads);

            parameters.setFailing(false);
            now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
            assertThat(store.get("/steptrail/dev/cdn")).as("after 60 s").isEqualTo("two");

            parameters.close();
            now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
            assertThat(store.get("/steptrail/dev/cdn")).isEqualTo("two");
            store.invalidate("/steptrail/dev/cdn");
            assertThatThrownBy(() -> store.get("/steptrail/dev/cdn"))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageStartingWith("the parameter '/steptrail/dev/cdn' cannot be read (");
        }
    }
}
