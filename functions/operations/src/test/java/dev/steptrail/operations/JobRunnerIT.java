package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobRunnerIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Supplier<Duration> A_MINUTE = () -> Duration.ofMinutes(1);

    private final JobRunner runner = new JobRunner(DATABASE.database(FunctionLogin.OPERATIONS));

    /** Runs out of time in the first run, fails in the second and completes in the third. */
    private static final class FailingWork implements Job.Work {
        private final List<@Nullable String> startedAt = new ArrayList<>();

        @Override
        public Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
            startedAt.add(resumeAt);
            if (startedAt.size() == 2) {
                throw new IllegalStateException("the second time");
            }
            return new Progress(Map.of("parts", 1L), startedAt.size() == 1 ? "the middle" : null);
        }
    }

    @Test
    void jobAfterAFailure_resumesWhereTheFailedRunStarted() {
        FailingWork faltering = new FailingWork();
        Job job = new Job("faltering", faltering);

        runner.run(job, A_MINUTE);
        assertThatThrownBy(() -> runner.run(job, A_MINUTE)).hasMessage("the second time");
        runner.run(job, A_MINUTE);
        runner.run(job, A_MINUTE);

        assertThat(faltering.startedAt).isEqualTo(Arrays.asList(null, "the middle", "the middle", null));
        assertThat(DATABASE.column("SELECT outcome FROM maintenance_runs WHERE kind = 'faltering' ORDER BY id"))
                .containsExactly("timed_out", "failed", "done", "done");
    }
}
