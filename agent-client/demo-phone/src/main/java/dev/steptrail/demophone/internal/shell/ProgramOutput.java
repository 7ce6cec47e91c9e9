package dev.steptrail.demophone.internal.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import java.util.ArrayList;
import java.util.List;

/** Collects what a program writes. */
public final class ProgramOutput {
    private final List<Chunk> chunks = new ArrayList<>();

    public void write(byte[] bytes) {
        chunks.add(new Chunk(false, bytes));
    }

    public void print(String text) {
        write(text.getBytes(UTF_8));
    }

    public void error(String text) {
        chunks.add(new Chunk(true, text.getBytes(UTF_8)));
    }

    List<Chunk> chunks() {
        return chunks;
    }
}
