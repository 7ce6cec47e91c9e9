package dev.steptrail.bench;

import java.util.List;

/** Something to measure, beside a baseline in the same run. */
public interface Benchmark {
    /** What {@code run NAME} calls it. */
    String name();

    /** What is measured, against what and how, for readers of RESULTS.md. */
    String description();

    /** Measures within about five minutes. Starts everything that it needs and leaves nothing behind. */
    List<Measurement> run(Rounds rounds) throws Exception;
}
