package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Limits the length of a response to Lambda's 6 MB (<a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>). The quota applies
 * to the body in base64.
 */
public final class ResponseBudget {
    /** 5.9 MB in base64. The remaining 0.1 MB is for headers and for the fields after the last part. */
    public static final int MAX_BYTES = 4_400_000;

    private final JsonGenerator json;
    private final Buffer written;
    private int maxBytes = MAX_BYTES;

    /** Writes a part of a document. */
    interface PartWriter {
        void write(JsonGenerator json) throws IOException;
    }

    /** A buffer that can be truncated. */
    static final class Buffer extends ByteArrayOutputStream {
        private static final int INITIAL_CAPACITY = 128 * 1024;

        Buffer() {
            super(INITIAL_CAPACITY);
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

    /** Reserves bytes for later parts, instead of those that were reserved before. */
    void reserve(int bytes) {
        maxBytes = MAX_BYTES - bytes;
    }

    /** Writes list elements or an object field if they fit. If false, the caller must end the list or object. */
    boolean writeIfFits(PartWriter part) throws IOException {
        json.flush();
        int previousLength = written.size();
        part.write(json);
        json.flush();
        if (written.size() > maxBytes) {
            written.truncate(previousLength);
            return false;
        }
        return true;
    }
}
