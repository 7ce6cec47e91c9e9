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
    void failedWritesThatCannotBeRolledBack_affectNoOtherLine() throws IOException {
        Path path = folder.resolve("steps.jsonl");
        FaultyChannel channel =
                new FaultyChannel(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        try (StepsFileWriter steps = new StepsFileWriter(Files.createFile(folder.resolve("key")), channel)) {
            steps.append(line(1));
            channel.canTruncate = false;
            appendTorn(steps, channel, 2);
            appendTorn(steps, channel, 3);
            channel.canTruncate = true;
            appendTorn(steps, channel, 4);
            channel.freeBytes = Integer.MAX_VALUE;
            steps.append(line(5));
        }

        assertThat(Files.readAllLines(path)).contains(json(1), json(5)).doesNotContain(json(4));
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
