package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Puts messages together that go in one request of SQS: up to 10 of them, and up to 256 KiB in sum. */
final class MessagePacks {
    static final int MAX_MESSAGES = 10;

    /** What SQS took before it took 1 MiB, and what other servers still take. */
    static final int MAX_BYTES = 256 * 1024;

    /** What the attribute {@code content-encoding} of a message counts: its name, its type and its value. */
    private static final int ATTRIBUTE_BYTES = 64;

    private MessagePacks() {}

    /** The same messages in the same order, in packs; a message that is larger than a pack may be is one alone. */
    static <T> List<List<T>> of(List<T> messages, Function<T, MessageBody> body) {
        List<List<T>> packs = new ArrayList<>();
        List<T> pack = new ArrayList<>();
        int bytes = 0;
        for (T message : messages) {
            int more = bytes(body.apply(message));
            if (!pack.isEmpty() && (pack.size() == MAX_MESSAGES || bytes + more > MAX_BYTES)) {
                packs.add(pack);
                pack = new ArrayList<>();
                bytes = 0;
            }
            pack.add(message);
            bytes += more;
        }
        if (!pack.isEmpty()) {
            packs.add(pack);
        }
        return packs;
    }

    static int bytes(MessageBody body) {
        boolean ascii = body.contentEncoding() != null;
        return (ascii ? body.text().length() : body.text().getBytes(UTF_8).length) + ATTRIBUTE_BYTES;
    }
}
