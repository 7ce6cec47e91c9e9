package dev.steptrail.bench;

import java.util.List;

/** Something to measure, ours and its peer's side by side. */
public interface Benchmark {
    /** What `run NAME` calls it. */
    String name();

    /** What is measured, against what and how; a sentence or two for people who read the results. */
    String description();

    /** Measures; takes minutes. Whatever it needs it starts itself and leaves nothing behind. */
    List<Measurement> run() throws Exception;
}
