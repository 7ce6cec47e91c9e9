package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.cli.evaluate.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs shell scripts as evaluators. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ExternalProgramTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private Path input;

    @BeforeEach
    void write() throws IOException {
        input = Files.writeString(folder.resolve("input.json"), "{\"task\":1}");
    }

    @Test
    void program_readsTheInput_andItsOutputIsReturned() throws Exception {
        assertThat(new String(run("cat; echo done >&2", LONG), UTF_8)).isEqualTo("{\"task\":1}");
        assertThat(run("head -c 65536 /dev/zero", LONG)).hasSize(ExternalProgram.MAX_OUTPUT_BYTES);
    }

    @Test
    void arguments_arePassedWithoutAShell() throws Exception {
        ExternalProgram program = new ExternalProgram(List.of("printf", "%s|", "$HOME", "a b", "*"), LONG);

        assertThat(new String(program.run(input), UTF_8)).isEqualTo("$HOME|a b|*|");
    }

    @Test
    void programWithoutInput_hasTheVariables_andMayPrintNothingOrMuch() throws Exception {
        Path file = folder.resolve("out");
        String script = "cat; head -c 100000 /dev/zero; echo $A >" + file;
        new ExternalProgram(List.of("sh", "-c", script), LONG).run(Map.of("A", "b"));

        assertThat(file).hasContent("b");
        assertThatThrownBy(() -> new ExternalProgram(List.of("sh", "-c", "exit 2"), LONG).run(Map.of()))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the program exited with code 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo pass; exit 3                              | the program exited with code 3",
                "echo first >&2; echo ' why ' >&2; exit 1       | the program exited with code 1: why",
                "kill -9 $$                                     | the program was ended by signal 9 (exit code 137)",
                "true                                           | the program printed no verdict",
                "echo 'no key' >&2                              | the program printed no verdict: no key",
                "head -c 100000000 /dev/zero                    | the program printed more than 65536 bytes"
            })
    void failure_isNamedInOneLine(String script, String message) {
        assertThatThrownBy(() -> run(script, LONG))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(message);
    }

    /** How much it prints before it is killed varies. */
    @Test
    void childThatPrintsWithoutEnd_isKilled() {
        assertThatThrownBy(() -> run("(yes &); sleep 0.1", LONG))
                .hasMessageMatching("the program printed (no verdict|more than 65536 bytes)");
    }

    @Test
    void longErrorLine_isTruncated() {
        assertThatThrownBy(() -> run("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1", LONG))
                .hasMessage("the program exited with code 1: " + "x".repeat(300));
    }

    @ParameterizedTest
    @CsvSource({
        "sleep MARK & sleep MARK", // the program waits for its child
        "sleep MARK & sleep MARK & wait",
        "exec sleep MARK"
    })
    void hangingProgram_isKilledWithItsChildren(String script) throws Exception {
        String mark = mark();

        assertThatThrownBy(() -> run(script.replace("MARK", mark), SHORT))
                .hasMessage("the program did not exit within 1 s");

        assertNoProcessWith(mark);
    }

    @ParameterizedTest
    @CsvSource({
        "(sleep MARK &)", // holds the output open
        "(sleep MARK >/dev/null 2>&1 </dev/null &)"
    })
    void childThatIsLeftBehind_isKilled_andTheVerdictCounts(String script) throws Exception {
        String mark = mark();

        assertThat(run(script.replace("MARK", mark) + "; echo verdict", LONG))
                .asString(UTF_8)
                .isEqualTo("verdict\n");

        assertNoProcessWith(mark);
    }

    @Test
    void endlessErrors_doNotDelayTheTimeout() {
        assertThatThrownBy(() -> run("yes >&2", SHORT)).hasMessage("the program did not exit within 1 s: y");
    }

    @Test
    void interruption_killsTheProgram() throws Exception {
        String mark = mark();
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(run("sleep " + mark + " & sleep " + mark, LONG));
            } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        while (processesWith(mark).size() < 2) {
            Thread.sleep(10);
        }

        thread.interrupt();

        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertNoProcessWith(mark);
    }

    @Test
    void programs_areFoundByPathOrName() {
        assertThat(ExternalProgram.isExecutable("sh", Map.of("PATH", "/nowhere:/bin")))
                .isTrue();
        assertThat(ExternalProgram.isExecutable("/bin/sh", Map.of())).isTrue();
        assertThat(ExternalProgram.isExecutable("no-such-judge", Map.of("PATH", "/bin")))
                .isFalse();
        assertThat(ExternalProgram.isExecutable(input.toString(), Map.of())).isFalse();
        assertThat(ExternalProgram.isExecutable(folder.toString(), Map.of())).isFalse();
    }

    private byte[] run(String script, Duration timeout) throws IOException, InterruptedException {
        return new ExternalProgram(List.of("sh", "-c", script), timeout).run(input);
    }

    /** Returns a duration in seconds that identifies the processes of a test. */
    private static String mark() {
        return String.valueOf(100_000 + System.nanoTime() % 100_000_000);
    }

    /** A killed process may exist for a moment. */
    private static void assertNoProcessWith(String mark) throws InterruptedException {
        for (int attempts = 0; attempts < 50 && !processesWith(mark).isEmpty(); attempts++) {
            Thread.sleep(10);
        }
        assertThat(processesWith(mark)).isEmpty();
    }

    private static List<String> processesWith(String mark) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().arguments().map(List::of).orElse(List.of()))
                .filter(arguments -> arguments.equals(List.of(mark)))
                .map(List::toString)
                .toList();
    }
}
