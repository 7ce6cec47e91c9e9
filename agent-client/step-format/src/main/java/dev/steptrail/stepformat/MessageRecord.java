package dev.steptrail.stepformat;

/** One element of a message's records: a record, or what came in the place of one. */
public sealed interface MessageRecord {
    /** A good one. */
    record Valid(StepRecord record) implements MessageRecord {}

    /**
     * A bad one. Its neighbours are none the worse for it.
     *
     * @param reason what is wrong, without content
     * @param json the element as it came
     */
    record Invalid(String reason, String json) implements MessageRecord {}
}
