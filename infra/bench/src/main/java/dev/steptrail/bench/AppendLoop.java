package dev.steptrail.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Appends the same step repeatedly. Each iteration writes to new files, so that files stay small. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open first
public class AppendLoop {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    private Path folder;
    private TaskWriter writer;
    private FileChannel channel;
    private Step step;
    private Map<String, Object> stepFields;

    @Setup(Level.Iteration)
    @SuppressWarnings("unchecked")
    public void open() throws Exception {
        folder = Files.createTempDirectory("bench-outbox");
        UUID task = UuidV7.at(Instant.now());
        writer = Outbox.open(folder).newTask(task);
        channel = FileChannel.open(
                folder.resolve("plain.jsonl"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        step = step(task);
        stepFields = JACKSON.readValue(RecordCodec.encode(step), Map.class);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        writer.close();
        channel.close();
        TemporaryFolders.delete(folder);
    }

    @Benchmark
    public int steptrail() throws IOException {
        writer.append(step);
        return 0;
    }

    /** The baseline: Jackson databind serializes prepared maps to the same JSON, and one call writes it. */
    @Benchmark
    public int plain() throws IOException {
        return channel.write(ByteBuffer.wrap(JACKSON.writeValueAsBytes(stepFields)));
    }

    private static Step step(UUID task) {
        String thinking = "The slider is half way to the right. To turn the volume up I tap near its right end. ";
        return new Step(
                task,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                17,
                StepType.ACTION,
                thinking.repeat(4),
                Map.of("_metadata", "do", "action", "Tap", "element", List.of(499, 842)),
                Map.of("success", true, "should_finish", false),
                Duration.ofMillis(3120),
                true,
                null,
                Map.of("time_to_first_token_ms", 410, "model_ms", 2300, "action_ms", 820),
                Map.of(),
                ModelCall.NONE, List.of(),
                List.of(new Frame(
                        FrameRole.BEFORE, "frames/17-before.png", 1080, 2400, false, List.of(), null, Map.of())),
                List.of(),
                Map.of());
    }
}
