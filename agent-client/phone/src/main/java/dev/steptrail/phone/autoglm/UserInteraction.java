package dev.steptrail.phone.autoglm;

/** Asks the user of an agent. Called on the thread that runs the agent, which waits for the answer. */
public interface UserInteraction {
    enum Answer {
        /** The user allows the action, or has done what the model asked for. The agent continues. */
        YES,
        /** The user refuses. The task ends as cancelled. */
        NO,
        /** No user is available. The task ends as failed. */
        UNAVAILABLE
    }

    /** Answers all questions with {@link Answer#UNAVAILABLE}. */
    UserInteraction NONE = new UserInteraction() {
        @Override
        public Answer confirm(String message) {
            return Answer.UNAVAILABLE;
        }

        @Override
        public Answer takeOver(String message) {
            return Answer.UNAVAILABLE;
        }
    };

    /**
     * Asks whether the agent may tap something sensitive, such as a payment.
     *
     * @param message the model's description of the action: untrusted text
     */
    Answer confirm(String message) throws InterruptedException;

    /**
     * Asks the user to do on the phone what the agent cannot do, such as a login, and waits until it is done.
     *
     * @param message the model's description: untrusted text
     */
    Answer takeOver(String message) throws InterruptedException;
}
