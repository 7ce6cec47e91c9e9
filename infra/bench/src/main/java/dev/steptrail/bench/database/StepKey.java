package dev.steptrail.bench.database;

import java.util.UUID;

/** What names a step. */
public record StepKey(UUID task, int number) {}
