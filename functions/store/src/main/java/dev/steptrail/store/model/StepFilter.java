package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a task; null is any.
 *
 * @param type its {@code step_type}
 * @param success how it ended; {@link Success#NONE} where nobody can tell
 * @param minNumber the least number that it may have
 * @param maxNumber the greatest
 * @param since when it was taken at the earliest
 * @param until before which it was taken
 * @param text what its thinking or its error contains, in capitals or not
 */
public record StepFilter(
        @Nullable String type,
        @Nullable Success success,
        @Nullable Integer minNumber,
        @Nullable Integer maxNumber,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String text) {
    /** All steps. */
    public static final StepFilter ALL = new StepFilter(null, null, null, null, null, null, null);

    /** How a step ended, by {@link StepOutcome}. */
    public enum Success {
        TRUE,
        FALSE,
        NONE
    }

    /** Not by {@code equals}: what the JVM makes of a record's, when it is first asked, takes as long as the page. */
    public boolean isAll() {
        return type == null
                && success == null
                && minNumber == null
                && maxNumber == null
                && since == null
                && until == null
                && text == null;
    }

    public StepFilter withoutText() {
        return new StepFilter(type, success, minNumber, maxNumber, since, until, null);
    }

    /** The same, of no step behind this one. */
    public StepFilter upTo(Integer number, boolean ascending) {
        return new StepFilter(
                type, success, ascending ? minNumber : number, ascending ? number : maxNumber, since, until, text);
    }

    public Conditions conditions() {
        Conditions conditions = new Conditions()
                .and("step_type = ?", type)
                .and("step_number >= ?", minNumber)
                .and("step_number <= ?", maxNumber)
                .and("created_at >= ?", since)
                .and("created_at < ?", until)
                .andEitherContains("thinking", StepOutcome.ERROR, text);
        if (success != null) {
            conditions.and(
                    switch (success) {
                        case TRUE -> StepOutcome.WENT_WELL;
                        case FALSE -> "NOT " + StepOutcome.WENT_WELL;
                        case NONE -> StepOutcome.WENT_WELL + " IS NULL";
                    });
        }
        return conditions;
    }
}
