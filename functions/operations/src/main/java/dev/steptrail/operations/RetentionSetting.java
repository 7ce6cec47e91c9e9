package dev.steptrail.operations;

import dev.steptrail.aws.Settings;
import java.time.Duration;

/** The setting {@code STEPTRAIL_RETENTION}: days. */
final class RetentionSetting {
    private static final String NAME = "STEPTRAIL_RETENTION";
    private static final String DEFAULT_DAYS = "90";

    private RetentionSetting() {}

    /** How long steps stay in the database after the last news of their task; zero for ever. */
    static Duration of(Settings settings) {
        String days = settings.optional(NAME, DEFAULT_DAYS);
        if (!days.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    NAME
                            + ": must be a number of days from 0 (keep for ever) to 99999; set it in the function's environment");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }
}
