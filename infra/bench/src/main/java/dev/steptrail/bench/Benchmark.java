package dev.steptrail.bench;

import java.util.List;
import java.util.Locale;

/** Something to measure, beside a baseline in the same run. */
public interface Benchmark {
    /** Its name for {@code run NAME}: that of its class in lower case, without "Benchmark". */
    default String name() {
        return getClass().getSimpleName().replace("Benchmark", "").toLowerCase(Locale.ROOT);
    }

    /** What is measured, against what and how, for readers of RESULTS.md. */
    String description();

    /** Measures within about five minutes. Starts everything that it needs and leaves nothing behind. */
    List<Measurement> run(Rounds rounds) throws Exception;
}
