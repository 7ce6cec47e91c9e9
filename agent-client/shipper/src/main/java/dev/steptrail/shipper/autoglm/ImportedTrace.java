package dev.steptrail.shipper.autoglm;

import java.util.UUID;

/**
 * What an import brought in.
 *
 * @param screenshots how many of the steps have a picture
 */
public record ImportedTrace(UUID taskId, int steps, int screenshots) {}
