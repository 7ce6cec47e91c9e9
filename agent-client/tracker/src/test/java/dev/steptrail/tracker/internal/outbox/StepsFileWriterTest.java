package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskRecords;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepsFileWriterTest {
    @TempDir
    Path folder;

    private final TaskRecords task = TaskRecords.newTask();

    @Test
    void failedWrites_areRolledBack_andThoseThatCannotBe_affectNoOtherLine() throws IOException {
        Path path = folder.resolve("steps.jsonl");
        FaultyChannel channel =
                new FaultyChannel(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        try (StepsFileWriter steps = new StepsFileWriter(Files.createFile(folder.resolve("key")), channel)) {
            steps.append(line(1));
            appendTorn(steps, channel, 2);
            channel.freeBytes = Integer.MAX_VALUE;
            steps.append(line(3));
            assertThat(Files.readAllLines(path)).containsExactly(json(1), json(3));

            channel.canTruncate = false;
            appendTorn(steps, channel, 4);
            appendTorn(steps, channel, 5);
            channel.canTruncate = true;
            appendTorn(steps, channel, 6);
            channel.freeBytes = Integer.MAX_VALUE;
            steps.append(line(7));
        }

        assertThat(Files.readAllLines(path)).startsWith(json(1), json(3)).endsWith(json(7));
    }

    private void appendTorn(StepsFileWriter steps, FaultyChannel channel, int number) {
        channel.freeBytes = 10;
        assertThatThrownBy(() -> steps.append(line(number))).isInstanceOf(IOException.class);
    }

    private byte[] line(int number) {
        return RecordCodec.encode(task.step(number, "x"));
    }

    private String json(int number) {
        return new String(line(number), StandardCharsets.UTF_8);
    }
}
