package dev.steptrail.bench;

import java.util.List;
import java.util.Locale;

/** A benchmark that measures Steptrail and a baseline in the same run. */
public interface Benchmark {
    /** Returns the name for {@code run NAME}: the class name in lower case, without "Benchmark". */
    default String name() {
        return getClass().getSimpleName().replace("Benchmark", "").toLowerCase(Locale.ROOT);
    }

    /** Returns a description of the measurement, the baseline and the method, for RESULTS.md. */
    String description();

    /** Runs the measurements, which should take at most five minutes. Starts all required servers and cleans up. */
    List<Measurement> run(Rounds rounds) throws Exception;
}
