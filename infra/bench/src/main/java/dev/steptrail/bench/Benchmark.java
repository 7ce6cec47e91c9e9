package dev.steptrail.bench;

import java.util.List;
import java.util.Locale;

/** A benchmark that measures Steptrail and a baseline in the same run. */
public interface Benchmark {
    /** Returns the name for {@code run NAME}: the class name in lower case, without "Benchmark". */
    default String name() {
        return getClass().getSimpleName().replace("Benchmark", "").toLowerCase(Locale.ROOT);
    }

    /** Describes for RESULTS.md what is measured, the baseline and the method. */
    String description();

    /** Runs the measurements, in at most about five minutes. Starts all required servers and cleans up afterwards. */
    List<Measurement> run(Rounds rounds) throws Exception;
}
