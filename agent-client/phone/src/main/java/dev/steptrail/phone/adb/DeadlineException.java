package dev.steptrail.phone.adb;

import java.io.IOException;

/** A request was not answered before its deadline. */
final class DeadlineException extends IOException {
    DeadlineException(Deadline deadline) {
        super("no answer within " + deadline.timeout().toMillis() + " ms");
    }
}
