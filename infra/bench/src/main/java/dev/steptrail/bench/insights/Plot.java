package dev.steptrail.bench.insights;

/** Something that happens in a run. */
interface Plot {
    /** Lets it happen; says that it cannot, and changes nothing, where the run has no room for it. */
    boolean happensTo(Draft draft);
}
