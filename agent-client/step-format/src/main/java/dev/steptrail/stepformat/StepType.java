package dev.steptrail.stepformat;

/** The predefined types of a step. Callers may use any other name of 1 to {@value #MAX_LENGTH} characters. */
public final class StepType {
    /** The agent performed an action on the phone. */
    public static final String ACTION = "action";
    /** The agent reasoned without an action. */
    public static final String THINKING = "thinking";
    /** The agent only captured the screen. */
    public static final String SCREENSHOT = "screenshot";
    /** The step failed because of the model or the phone. */
    public static final String ERROR = "error";
    /** The agent checked the result of an action. */
    public static final String VALIDATION = "validation";
    /** The agent reported that the task is complete. */
    public static final String COMPLETION = "completion";

    /** The maximum length of a type in code points. */
    public static final int MAX_LENGTH = 100;

    private StepType() {}
}
