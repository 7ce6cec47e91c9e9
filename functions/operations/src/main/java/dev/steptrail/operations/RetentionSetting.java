package dev.steptrail.operations;

import dev.steptrail.aws.Settings;
import java.time.Duration;

/** Settings that are numbers of days; zero keeps data indefinitely. */
enum RetentionSetting {
    /** How long steps stay in the database after the last activity of their task. */
    STEPS("STEPTRAIL_RETENTION", "90"),
    /** How long entries of the audit log are kept, and share links after they expired. */
    ACCESS_RECORDS("STEPTRAIL_AUDIT_RETENTION", "365");

    private final String setting;
    private final String defaultDays;

    RetentionSetting(String setting, String defaultDays) {
        this.setting = setting;
        this.defaultDays = defaultDays;
    }

    Duration in(Settings settings) {
        String days = settings.optional(setting, defaultDays);
        if (!days.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    setting
                            + ": must be a number of days from 0 (keep indefinitely) to 99999; set it in the function's environment");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }
}
