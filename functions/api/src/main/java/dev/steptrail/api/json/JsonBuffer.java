package dev.steptrail.api.json;

import dev.steptrail.report.EscapedLength;
import java.io.ByteArrayOutputStream;

/** JSON as it comes, in UTF-8, whose end may be taken back. A buffer of characters would look at each once more. Not thread-safe. */
final class JsonBuffer extends ByteArrayOutputStream {
    /** @param usualLength in bytes; it grows if there is more */
    JsonBuffer(int usualLength) {
        super(usualLength);
    }

    /** What this part takes in Lambda's answer. */
    int escapedLength(int from, int to) {
        return EscapedLength.of(buf, from, to);
    }

    /** Leaves so much of its beginning. */
    void cut(int length) {
        count = length;
    }
}
