package dev.steptrail.demophone.internal.adb;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the services of adb operate: a shell and files. Implementations are thread-safe. */
public interface Phone {
    /**
     * Executes a command line.
     *
     * @throws DisconnectException if the phone disconnects instead of answering
     * @throws NoAnswerException if the phone never answers
     */
    Answer execute(String commandLine) throws DisconnectException, NoAnswerException, InterruptedException;

    /** Returns the contents of the files by path. The map is thread-safe, and its arrays are never changed. */
    Map<String, byte[]> files();

    /**
     * The result of a command line.
     *
     * @param chunks of standard output and standard error, in the order in which they were written
     * @param exitCode 0 to 255
     * @param bytesBeforeDisconnect bytes of the chunks after which the phone disconnects; negative if it does not
     */
    record Answer(List<Chunk> chunks, int exitCode, int bytesBeforeDisconnect) {}

    /**
     * Bytes that a command has written.
     *
     * @param error whether the bytes were written to standard error
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Chunk(boolean error, byte[] bytes) {}

    /** The phone disconnects now. */
    final class DisconnectException extends IOException {
        private static final long serialVersionUID = 1;

        public DisconnectException() {
            super("the phone disconnects");
        }
    }

    /** The phone never answers the command. */
    final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1;

        public NoAnswerException() {
            super("the phone does not answer");
        }
    }
}
