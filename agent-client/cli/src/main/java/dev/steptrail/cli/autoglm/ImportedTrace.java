package dev.steptrail.cli.autoglm;

import java.time.Instant;
import java.util.UUID;

/**
 * What an import brought in.
 *
 * @param startedAt when the run began, as its record says
 * @param screenshots how many of the steps have a picture
 * @param added false if the task was in the outbox already, where it still waits to be shipped
 */
public record ImportedTrace(UUID taskId, Instant startedAt, int steps, int screenshots, boolean added) {}
