package dev.steptrail.stepformat;

import java.util.Locale;

/** The value of a verdict: a label or a number. */
public sealed interface VerdictValue {
    /** A judgement. {@code UNCLEAR} means that the judge could not decide. */
    enum Label implements VerdictValue {
        PASS,
        FAIL,
        UNCLEAR;

        /** Returns the name in JSON and in the database. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A score. Its range and meaning are those of the verdict's name. */
    record Score(double number) implements VerdictValue {
        public Score {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("value: must be a finite number");
            }
        }
    }
}
