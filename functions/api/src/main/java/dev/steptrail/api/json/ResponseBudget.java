package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.report.EscapedLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Keeps a response within the size limit of Lambda, in whose answer the body is a JSON string: each part is measured escaped. */
final class ResponseBudget {
    private final JsonGenerator json;
    private final Buffer written;
    private final int maxBytes;
    private int measured;
    private int size;

    /** Writes a part of a document. */
    interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    /** JSON in UTF-8 as it is written, whose end may be taken back. */
    static final class Buffer extends ByteArrayOutputStream {
        private static final int USUAL_LENGTH = 64 * 1024;

        Buffer() {
            super(USUAL_LENGTH);
        }

        byte[] bytes() {
            return buf;
        }

        void cut(int length) {
            count = length;
        }
    }

    /** @param written where {@code json} writes */
    ResponseBudget(JsonGenerator json, Buffer written, int maxBytes) {
        this.json = json;
        this.written = written;
        this.maxBytes = maxBytes;
    }

    /** Writes elements of a list, or a field of an object, if they fit, and returns whether they did. */
    boolean add(Part part) throws IOException {
        json.flush();
        int before = written.size();
        part.write(json);
        json.flush();
        if (written.size() <= maxBytes / EscapedLength.LONGEST_CHARACTER) { // it cannot be too much
            return true;
        }
        size += EscapedLength.of(written.bytes(), measured, before);
        measured = before;
        int more = EscapedLength.of(written.bytes(), before, written.size());
        if (size + more > maxBytes) {
            written.cut(before);
            return false;
        }
        size += more;
        measured = written.size();
        return true;
    }
}
