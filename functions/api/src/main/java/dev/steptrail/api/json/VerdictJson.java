package dev.steptrail.api.json;

import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verdict in JSON.
 *
 * @param value a String or a BigDecimal, which is written without rounding
 */
public record VerdictJson(
        long verdictId,
        String name,
        Object value,
        String source,
        @Nullable String author,
        @Nullable String evaluator,
        @Nullable String evaluatorVersion,
        @Nullable String reason,
        Instant judgedAt) {
    public static VerdictJson of(StoredVerdict verdict) {
        return new VerdictJson(
                verdict.id(),
                verdict.name(),
                verdict.score() == null ? String.valueOf(verdict.value()) : BigDecimal.valueOf(verdict.score()),
                verdict.source(),
                verdict.author(),
                verdict.isHuman() ? null : verdict.judge(),
                verdict.evaluatorVersion(),
                verdict.reason(),
                verdict.judgedAt());
    }
}
