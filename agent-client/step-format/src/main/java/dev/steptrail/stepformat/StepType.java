package dev.steptrail.stepformat;

/** The usual types of a step. Any other name of 1 to {@value #MAX_LENGTH} characters is a caller's own type. */
public final class StepType {
    /** The agent acted on the phone. */
    public static final String ACTION = "action";
    /** It thought without acting. */
    public static final String THINKING = "thinking";
    /** It only looked. */
    public static final String SCREENSHOT = "screenshot";
    /** The step could not be taken: the model or the phone failed. */
    public static final String ERROR = "error";
    /** It checked what it had done. */
    public static final String VALIDATION = "validation";
    /** It said that it was done. */
    public static final String COMPLETION = "completion";

    /** Characters (code points) that a type may have. */
    public static final int MAX_LENGTH = 100;

    private StepType() {}
}
