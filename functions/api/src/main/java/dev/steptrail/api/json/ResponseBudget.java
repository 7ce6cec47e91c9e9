package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.report.EscapedLength;
import java.io.IOException;

/** Keeps a response within the size limit of Lambda, in whose answer the body is a JSON string: each part is measured escaped. */
final class ResponseBudget {
    private final JsonGenerator json;
    private final JsonBuffer written;
    private final int maxBytes;
    private int measured;
    private int size;

    /** @param written where {@code json} writes */
    ResponseBudget(JsonGenerator json, JsonBuffer written, int maxBytes) {
        this.json = json;
        this.written = written;
        this.maxBytes = maxBytes;
    }

    /** Writes elements of a list, or a field of an object, if they fit, and returns whether they did. */
    boolean add(Json.Part part) throws IOException {
        json.flush();
        int before = written.size();
        part.write(json);
        json.flush();
        if (written.size() <= maxBytes / EscapedLength.LONGEST_CHARACTER) { // it cannot be too much
            return true;
        }
        size += written.escapedLength(measured, before);
        measured = before;
        int more = written.escapedLength(before, written.size());
        if (size + more > maxBytes) {
            written.cut(before);
            return false;
        }
        size += more;
        measured = written.size();
        return true;
    }
}
