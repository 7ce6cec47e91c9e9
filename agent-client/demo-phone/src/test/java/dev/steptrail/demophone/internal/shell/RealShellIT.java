package dev.steptrail.demophone.internal.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.internal.shell.CommandLine.SyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the simulated shell's words with those of the machine's {@code sh}. */
class RealShellIT {
    private static final String ALPHABET = "ab'\"\\ $?#\t=%*[]{}!é中\uD83D\uDE00";
    private static final int LINES = 1000;

    @TempDir
    Path empty;

    @Test
    void parse_ofRandomLines_givesTheWordsOfSh() throws IOException, InterruptedException {
        Random random = new Random(28);
        List<String> lines = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        while (lines.size() < LINES) {
            String line = "x"
                    + random.ints(random.nextInt(1, 12), 0, ALPHABET.codePointCount(0, ALPHABET.length()))
                            .mapToObj(i -> Character.toString(ALPHABET.codePointAt(ALPHABET.offsetByCodePoints(0, i))))
                            .collect(Collectors.joining());
            try {
                List<String> words = CommandLine.parse("words " + line).get(0);
                expected.add(String.join("\1", words.subList(1, words.size())));
                lines.add(line);
            } catch (SyntaxException unsupported) {
                continue;
            }
        }

        assertThat(sh(lines)).containsExactlyElementsOf(expected);
    }

    /** Runs each line with {@code words}, which prints its arguments. */
    private List<String> sh(List<String> lines) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder(
                "words() { first=1; for w in \"$@\"; do [ -n \"$first\" ] || printf '\\001'; first=; printf %s \"$w\"; done; "
                        + "printf '\\000'; }\n");
        for (String line : lines) {
            String quoted = "'words " + line.replace("'", "'\\''") + "'";
            script.append("true; eval ").append(quoted).append('\n');
        }
        Path file = empty.resolveSibling(empty.getFileName() + ".sh");
        Files.writeString(file, script);
        Process process = new ProcessBuilder("sh", file.toString())
                .directory(empty.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Files.delete(file);
        return List.of(output.split("\0", -1)).subList(0, lines.size());
    }
}
