package dev.steptrail.export;

import java.io.IOException;

/** There is more of it than can be exported within the time that a function has; to try again is no use. */
final class TooLargeException extends IOException {
    TooLargeException() {
        super("there is more of it than time to export it");
    }
}
