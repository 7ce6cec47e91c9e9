package dev.steptrail.cli.autoglm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads files whole that somebody names, whatever they turn out to be: a pipe or a device might never end. */
final class InputFile {
    private InputFile() {}

    /**
     * The bytes of {@code file}.
     *
     * @throws TraceException if it is no regular file, larger than {@code maxBytes}, or cannot be read; the message says what
     *     is wrong, without its name
     */
    static byte[] read(Path file, int maxBytes) throws TraceException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new TraceException("is no regular file");
            }
            if (found.size() > maxBytes) {
                throw new TraceException("has " + found.size() + " bytes, but at most " + maxBytes + " are read");
            }
            return Files.readAllBytes(file);
        } catch (TraceException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new TraceException("does not exist");
        } catch (IOException e) {
            throw new TraceException("cannot be read: " + e);
        }
    }
}
