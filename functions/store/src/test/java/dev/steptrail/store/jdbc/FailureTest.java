package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void describe_containsTheStackTraceWithoutTheMessage() {
        assertThat(Failure.describe(new IllegalStateException("swordfish")))
                .startsWith("java.lang.IllegalStateException at dev.steptrail.store.jdbc.FailureTest.describe_")
                .doesNotContain("swordfish");
    }

    @Test
    void describe_withoutAStackTrace_containsTheClass() {
        RuntimeException failure = new IllegalStateException("swordfish");
        failure.setStackTrace(new StackTraceElement[0]);

        assertThat(Failure.describe(failure)).isEqualTo("java.lang.IllegalStateException at ");
    }
}
