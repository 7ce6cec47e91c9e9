package dev.steptrail.cli.autoglm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as Open-AutoGLM's recorder writes it.
 *
 * @param createdAt when it began
 * @param executionSeconds how long it took, where told
 * @param metadata what else its metadata says
 * @param hash SHA-256 of the file
 */
@SuppressWarnings("ArrayRecordComponent") // a hash is read, never compared
record Trace(
        @Nullable String taskName,
        @Nullable String description,
        TraceTime createdAt,
        @Nullable String modelName,
        @Nullable String deviceId,
        @Nullable Double executionSeconds,
        Map<String, Object> metadata,
        List<TraceStep> steps,
        byte[] hash) {

    /** Whether the agent said at the end that it was done. */
    boolean finished() {
        return !steps.isEmpty() && steps.get(steps.size() - 1).isFinish();
    }
}
