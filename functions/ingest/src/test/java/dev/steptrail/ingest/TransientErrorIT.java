package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transient Postgres errors during an invocation: no message is returned to the queue. */
class TransientErrorIT extends IngestTestBase {
    @BeforeEach
    void createFailureCounter() {
        DATABASE.execute("CREATE SEQUENCE failures; GRANT USAGE ON SEQUENCE failures TO PUBLIC");
    }

    @AfterEach
    void dropFailures() {
        DATABASE.execute("DROP FUNCTION fail_first_writes() CASCADE");
        DATABASE.execute("DROP SEQUENCE failures");
    }

    @ParameterizedTest
    @CsvSource({"1, 40001", "3, 40001", "1, 40P01", "3, 40P01"})
    void collisions_areRetried(int times, String sqlState) {
        failFirstWrites(times, "RAISE EXCEPTION 'collision' USING ERRCODE = '" + sqlState + "'");

        assertThat(ingest(message(ALICE, step(task, 1)), message(ALICE, step(task, 2))))
                .isEmpty();

        assertThat(steps("step_number")).containsExactly("1", "2");
        assertThat(task("total_steps")).isEqualTo("2");
    }

    @ParameterizedTest(name = "a connection that is new: {0}")
    @ValueSource(booleans = {true, false})
    void terminatedBackend_isReplaced(boolean isNew) {
        if (!isNew) {
            ingest(message(ALICE, step(task, 3)));
        }
        failFirstWrites(1, "PERFORM pg_terminate_backend(pg_backend_pid())");

        assertThat(ingest(message(ALICE, step(task, 1)), message(ALICE, step(task, 2))))
                .isEmpty();

        assertThat(steps("step_number")).contains("1", "2");
        assertThat(context.logged()).doesNotContain("unavailable");
    }

    /** Fails the first writes of a step. A sequence is not rolled back, so it counts failed attempts too. */
    private static void failFirstWrites(int times, String statement) {
        DATABASE.execute(
                "CREATE FUNCTION fail_first_writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('failures') <= "
                        + times + " THEN " + statement + "; END IF; RETURN NEW; END $$");
        DATABASE.execute(
                "CREATE TRIGGER fail_first_writes BEFORE INSERT ON task_steps FOR EACH ROW EXECUTE FUNCTION fail_first_writes()");
    }
}
