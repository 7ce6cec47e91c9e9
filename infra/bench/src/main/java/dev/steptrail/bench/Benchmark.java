package dev.steptrail.bench;

import java.util.List;
import java.util.Locale;

/** A benchmark that measures Steptrail and a baseline in the same run. */
public interface Benchmark {
    /** Returns the name for {@code run NAME}: the class name in lower case, without "Benchmark". */
    default String name() {
        return getClass().getSimpleName().replace("Benchmark", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the versions of programs that {@link #run} used, for RESULTS.md. */
    default String versions() {
        return "";
    }

    /** Runs the measurements, which should take at most five minutes. Starts all required servers and cleans up. */
    List<Measurement> run(Rounds rounds) throws Exception;
}
