package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The JSON of a message, inflated, not yet looked at. */
public abstract sealed class MessageJson {
    private MessageJson() {}

    /** Of text that came as it is. */
    static MessageJson of(String text) {
        return new Text(text);
    }

    /**
     * @throws java.nio.charset.CharacterCodingException if the bytes are no UTF-8
     */
    static MessageJson of(byte[] utf8) throws IOException {
        if (mayBeTakenForUtf16(utf8)) {
            return new Text(Utf8.text(utf8));
        }
        Utf8.require(utf8);
        return new Bytes(utf8);
    }

    /** In bytes, or in characters where it came as text: by which to judge what it takes of memory, decoded. */
    public abstract int length();

    /** The whole as text. */
    @Override
    public abstract String toString();

    /** Its parser throws {@link com.fasterxml.jackson.core.exc.StreamConstraintsException} at names that collide in its table. */
    abstract JsonParser parser() throws IOException;

    /**
     * Returns the same for a slower parser that keeps no table of names, so that no sender can choose names that collide, and with {@link
     * SurrogateEscapes} replaced. Returns this object if nothing changes.
     */
    abstract MessageJson forTolerantParser();

    /** What stands between two places that its parser told. */
    abstract String between(JsonLocation start, JsonLocation end);

    /** Jackson guesses by the first four bytes. JSON that begins with an object never has these. */
    private static boolean mayBeTakenForUtf16(byte[] json) {
        for (int i = 0; i < 4; i++) {
            if (i >= json.length || json[i] <= 0) {
                return true;
            }
        }
        return false;
    }

    private static final class Text extends MessageJson {
        private final String text;

        private Text(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        JsonParser parser() throws IOException {
            return RecordCodec.JSON.createParser(text);
        }

        @Override
        MessageJson forTolerantParser() {
            String replaced = SurrogateEscapes.replaceLone(text);
            return replaced.equals(text) ? this : new Text(replaced);
        }

        @Override
        String between(JsonLocation start, JsonLocation end) {
            return text.substring((int) start.getCharOffset(), (int) end.getCharOffset());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class Bytes extends MessageJson {
        private final byte[] utf8;

        private Bytes(byte[] utf8) {
            this.utf8 = utf8;
        }

        @Override
        public int length() {
            return utf8.length;
        }

        /** With a factory of its own, which remembers names: within this message, and no longer, as the sender chose them. */
        @Override
        JsonParser parser() throws IOException {
            JsonFactory factory = RecordCodec.JSON
                    .rebuild()
                    .enable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();
            return factory.createParser(utf8);
        }

        @Override
        MessageJson forTolerantParser() {
            return new Text(SurrogateEscapes.replaceLone(toString()));
        }

        @Override
        String between(JsonLocation start, JsonLocation end) {
            int from = (int) start.getByteOffset();
            return new String(utf8, from, (int) end.getByteOffset() - from, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }
}
