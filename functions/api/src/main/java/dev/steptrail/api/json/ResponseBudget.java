package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Keeps a response within Lambda's size limit of 6 MB (<a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>). The body counts in
 * base64.
 */
final class ResponseBudget {
    /** 5.9 MB in base64. The remainder is for headers and for what is written after the last part. */
    static final int MAX_BYTES = 4_400_000;

    private final JsonGenerator json;
    private final Buffer written;

    /** Writes a part of a document. */
    interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    /** A buffer that can be truncated. */
    static final class Buffer extends ByteArrayOutputStream {
        private static final int USUAL_LENGTH = 128 * 1024;

        Buffer() {
            super(USUAL_LENGTH);
        }

        void truncate(int length) {
            count = length;
        }
    }

    /** @param written the buffer that {@code json} writes to */
    ResponseBudget(JsonGenerator json, Buffer written) {
        this.json = json;
        this.written = written;
    }

    /** Writes list elements or an object field if they fit, and returns whether they did. */
    boolean add(Part part) throws IOException {
        json.flush();
        int before = written.size();
        part.write(json);
        json.flush();
        if (written.size() > MAX_BYTES) {
            written.truncate(before);
            return false;
        }
        return true;
    }
}
