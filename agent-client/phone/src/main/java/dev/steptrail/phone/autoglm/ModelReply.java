package dev.steptrail.phone.autoglm;

/**
 * A model's reply, split into reasoning and action as Open-AutoGLM splits it:
 *
 * <ol>
 *   <li>The action starts at the first {@code finish(message=}, otherwise at the first {@code do(action=}.
 *   <li>Without either, it is what follows {@code <answer>}, without {@code </answer>}.
 *   <li>Without that, the whole reply is the action.
 * </ol>
 *
 * @param thinking the reasoning, with its tags in the first case
 * @param action the text that {@link ActionParser} reads
 */
record ModelReply(String thinking, String action) {
    private static final String FINISH = "finish(message=";
    private static final String DO = "do(action=";
    private static final String ANSWER = "<answer>";
    private static final String END_OF_ANSWER = "</answer>";

    static ModelReply of(String text) {
        for (String marker : new String[] {FINISH, DO}) {
            int start = text.indexOf(marker);
            if (start >= 0) {
                return new ModelReply(PythonText.strip(text.substring(0, start)), text.substring(start));
            }
        }
        int answer = text.indexOf(ANSWER);
        if (answer >= 0) {
            String thinking = text.substring(0, answer).replace("<think>", "").replace("</think>", "");
            String action = text.substring(answer + ANSWER.length()).replace(END_OF_ANSWER, "");
            return new ModelReply(PythonText.strip(thinking), PythonText.strip(action));
        }
        return new ModelReply("", text);
    }

    /** Returns the reasoning of an incomplete reply: the whole reply, unless the action has started. */
    static String thinkingIn(String incomplete) {
        ModelReply parts = of(incomplete);
        boolean hasAction = parts.action.startsWith(FINISH) || parts.action.startsWith(DO);
        return (hasAction ? parts : new ModelReply(incomplete, "")).readableThinking();
    }

    /** Returns the reasoning without tags, for people. */
    String readableThinking() {
        return PythonText.strip(thinking.replaceAll("</?(think|answer)>", ""));
    }

    /** Returns the action without what follows {@code </answer>}. */
    String untaggedAction() {
        int end = action.indexOf(END_OF_ANSWER);
        return end < 0 ? action : action.substring(0, end);
    }

    /** Returns the reply as Open-AutoGLM repeats it in the conversation. */
    String toHistory() {
        return "<think>" + thinking + "</think><answer>" + untaggedAction() + END_OF_ANSWER;
    }
}
