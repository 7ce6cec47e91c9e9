package dev.steptrail.stepformat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The place of a task in an experiment: a set of cases, each of which is run several times. Tasks with the same case id
 * are repeats of one case.
 *
 * @param experiment the name of the experiment, 1 to {@value #MAX_LENGTH} characters; null if the task is in none
 * @param caseId the id of the case in its suite, 1 to {@value #MAX_LENGTH} characters
 * @param repeat the number of the repeat, 0 or more
 * @param attributes what the experiment varies, such as {@code app_version} and {@code prompt_version}
 */
public record ExperimentCase(
        @Nullable String experiment,
        @Nullable String caseId,
        @Nullable Integer repeat,
        Map<String, Object> attributes) {

    public static final int MAX_LENGTH = 200;

    /** The place of a task in no experiment. */
    public static final ExperimentCase NONE = new ExperimentCase(null, null, null, Map.of());

    public ExperimentCase {
        Fields.requireLength("experiment", experiment, MAX_LENGTH);
        Fields.requireLength("case_id", caseId, MAX_LENGTH);
        Fields.requireRange("repeat", repeat, 0);
        attributes = JsonValues.copyOf(attributes);
    }
}
