package dev.steptrail.stepformat;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a task in an experiment: a set of cases, each of which is run several times. Tasks with the same case id
 * are repeats of one case.
 *
 * @param experiment the name of the experiment, as {@link #isName} allows; null if the task is in none
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

    /** Describes the characters that {@link #isName} allows. */
    public static final String NAME_RULE =
            "must not contain control characters, \\ or %, or a part between slashes that is empty, . or ..";

    private static final String SEGMENT = "(?!\\.{1,2}(?:/|\\z))[^\\p{Cc}\\p{Cs}/\\\\%]+";

    private static final Pattern NAME = Pattern.compile(SEGMENT + "(?:/" + SEGMENT + ")*");

    /** The place of a task in no experiment. */
    public static final ExperimentCase NONE = new ExperimentCase(null, null, null, Map.of());

    public ExperimentCase {
        Fields.requireLength("experiment", experiment, MAX_LENGTH);
        if (experiment != null && !NAME.matcher(experiment).matches()) {
            throw new IllegalArgumentException("experiment: " + NAME_RULE);
        }
        Fields.requireLength("case_id", caseId, MAX_LENGTH);
        Fields.requireRange("repeat", repeat, 0);
        attributes = JsonValues.copyOf(attributes);
    }

    /**
     * Returns whether an experiment may have this name: 1 to {@value #MAX_LENGTH} characters, with the same rule as
     * tags except that slashes between parts are allowed, because the name is the end of a URL's path.
     */
    public static boolean isName(String name) {
        return name.codePointCount(0, name.length()) <= MAX_LENGTH
                && NAME.matcher(name).matches();
    }
}
