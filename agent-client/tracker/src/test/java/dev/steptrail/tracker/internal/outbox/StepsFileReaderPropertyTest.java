package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** All lines of a growing file are read, wherever they lie relative to the chunks of 64 KiB. */
class StepsFileReaderPropertyTest {
    @Property(tries = 100)
    void lines_areReadFromAGrowingFile(
            @ForAll("lengths") List<Integer> lengths,
            @ForAll @IntRange(min = 1, max = 300_000) int bytesAtATime,
            @ForAll @IntRange(min = 1, max = 10) int growths)
            throws IOException {
        Path file = Files.createTempFile("steps", ".jsonl");
        StepsFileReader lines = new StepsFileReader(file);
        String text = text(lengths);
        List<String> found = new ArrayList<>();
        long position = 0;
        int growth = text.length() / growths + 1;
        for (int written = 0; written < text.length() + growth; written += growth) {
            Files.writeString(file, text.substring(0, Math.min(written, text.length())));
            for (List<OutboxLine> some = lines.readFrom(position, bytesAtATime);
                    !some.isEmpty();
                    some = lines.readFrom(position, bytesAtATime)) {
                assertThat(some.size() == 1 || some.get(some.size() - 1).end() - position <= bytesAtATime)
                        .isTrue();
                some.forEach(line -> found.add(new String(line.json(), US_ASCII)));
                position = some.get(some.size() - 1).end();
            }
        }
        Files.delete(file);

        List<String> whole = List.of(text.split("\n", -1));
        assertThat(found).isEqualTo(whole.subList(0, whole.size() - 1));
        assertThat(position).isEqualTo(text.lastIndexOf('\n') + 1L);
    }

    /** Returns lines of these lengths; the last is incomplete. */
    private static String text(List<Integer> lengths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lengths.size(); i++) {
            text.append(i == 0 ? "" : "\n")
                    .append(String.valueOf((char) ('a' + i % 26)).repeat(lengths.get(i)));
        }
        return text.toString();
    }

    @Provide
    Arbitrary<List<Integer>> lengths() {
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.integers().between(0, 2_000)),
                        Tuple.of(1, Arbitraries.integers().between(65_500, 65_600)),
                        Tuple.of(1, Arbitraries.integers().between(0, 200_000)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
