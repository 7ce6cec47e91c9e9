package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What there is room for in one answer of Lambda, where each part is measured as it is written there: escaped once more. */
final class AnswerRoom {
    /** Of 6 MB, so that what ends the answer has room in any case. */
    private static final int MAX_BYTES = 6_000_000;

    private final JsonGenerator json;
    private final JsonBuffer written;
    private int measured;
    private int size;

    /** @param written where {@code json} writes */
    AnswerRoom(JsonGenerator json, JsonBuffer written) {
        this.json = json;
        this.written = written;
    }

    /** Writes an element of a list, or a field of an object, if there is room for it, and answers whether there was. */
    boolean add(Json.Value part) throws IOException {
        json.flush();
        measure();
        int before = written.size();
        int sizeBefore = size;
        part.write(json);
        json.flush();
        measure();
        if (size <= MAX_BYTES) {
            return true;
        }
        written.cut(before);
        measured = before;
        size = sizeBefore;
        return false;
    }

    private void measure() {
        size += written.escapedLength(measured);
        measured = written.size();
    }
}
