package dev.steptrail.store.model;

import java.util.UUID;

/**
 * A part of a task in the bucket.
 *
 * @param part from 1
 * @param key its S3 key
 * @param sha256 of its lines, hex
 * @param steps how many it holds
 * @param screenshots how many rows of them it holds
 * @param totalSteps what the task counted when it was made
 */
public record Archive(UUID taskId, int part, String key, String sha256, int steps, int screenshots, int totalSteps) {}
