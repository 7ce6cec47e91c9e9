package dev.steptrail.phone.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a stream of server-sent events into the data of its events, as the <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML specification</a> says, except that lines
 * end with LF or CRLF only, and the data of an incomplete last event is returned too. Other fields are ignored.
 */
final class EventStreamParser {
    static final int MAX_LINE = 1024 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();

    /**
     * Returns the data of the events that end within {@code bytes}.
     *
     * @throws InvalidReplyException if an event is longer than {@value #MAX_LINE} bytes
     */
    List<String> add(byte[] bytes) throws InvalidReplyException {
        List<String> events = new ArrayList<>();
        for (byte b : bytes) {
            if (b == '\n') {
                endLine(events);
            } else if (line.size() + data.length() >= MAX_LINE) {
                throw new InvalidReplyException("it has an event of more than " + MAX_LINE + " bytes");
            } else {
                line.write(b);
            }
        }
        return events;
    }

    /** Returns the data of the last event, if no empty line ends it. */
    List<String> end() {
        List<String> events = new ArrayList<>();
        endLine(events);
        endEvent(events);
        return events;
    }

    private void endLine(List<String> events) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.isEmpty()) {
            endEvent(events);
        } else if (text.startsWith("data:")) {
            data.append(text, text.startsWith(" ", 5) ? 6 : 5, text.length()).append('\n');
        }
    }

    private void endEvent(List<String> events) {
        if (!data.isEmpty()) {
            events.add(data.substring(0, data.length() - 1));
            data.setLength(0);
        }
    }
}
