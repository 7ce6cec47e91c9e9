package dev.steptrail.cli.evaluate;

import java.io.IOException;

/** Thrown if one task could not be judged. Other tasks may be. The message is one line. */
public final class EvaluationException extends IOException {
    public EvaluationException(String message) {
        super(message);
    }
}
