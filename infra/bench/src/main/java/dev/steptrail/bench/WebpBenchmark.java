package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds.Turn;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the conversion of a screenshot from PNG bytes in memory to a WebP file. */
public final class WebpBenchmark implements Benchmark {
    private static final int ROUNDS = 21;
    private static final WebpSettings SETTINGS = WebpSettings.DEFAULT;

    private String conditions = "";

    @Override
    public String description() {
        return "A PNG of 1080x2400 pixels encoded as WebP and stored, against the `cwebp` program on the same files,"
                + " both with quality "
                + SETTINGS.quality() + " and method " + SETTINGS.method() + "; no two screens are alike." + conditions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        WebpEncoder encoder = new WebpEncoder(SETTINGS);
        Path program = WebpEncoder.program();
        conditions = " Both use cwebp " + version(program) + ".";
        Path folder = Files.createTempDirectory("bench-webp");
        try {
            List<Path> screens = DistinctScreens.in(folder, rounds.count(ROUNDS));
            Path ours = folder.resolve("ours.webp");
            Path baseline = folder.resolve("baseline.webp");
            AtomicInteger turn = new AtomicInteger();
            // Both take each screen in turn: two systems, so every other turn is a new screen.
            double[] millis = rounds.medians(
                    1,
                    ROUNDS,
                    Turn.prepared(() -> {
                        byte[] png = Files.readAllBytes(next(screens, turn));
                        return () -> Files.write(ours, encoder.encode(png));
                    }),
                    Turn.prepared(() -> {
                        Path screen = next(screens, turn);
                        return () -> cwebp(program, screen, baseline);
                    }));
            byte[] thumbnail = encoder.thumbnail(Files.readAllBytes(screens.get(0)))
                    .orElseThrow()
                    .webp();
            System.out.printf( // for infra/CAPACITY.md
                    "KB of a screen as WebP: %.1f, of its thumbnail: %.1f%n",
                    Files.size(ours) / 1e3, thumbnail.length / 1e3);
            return List.of(
                    new Measurement("store a screenshot", "cwebp", millis[0], millis[1], "ms", Threshold.atMost(1.10)));
        } finally {
            DistinctScreens.remove(folder);
        }
    }

    private static Path next(List<Path> screens, AtomicInteger turn) {
        return screens.get(turn.getAndIncrement() / 2 % screens.size());
    }

    private static Path cwebp(Path program, Path png, Path webp) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "-quiet",
                        "-q",
                        String.valueOf(SETTINGS.quality()),
                        "-m",
                        String.valueOf(SETTINGS.method()),
                        png.toString(),
                        "-o",
                        webp.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(program + " ended with exit code " + process.exitValue());
        }
        return webp;
    }

    private static String version(Path program) throws IOException {
        byte[] output = new ProcessBuilder(program.toString(), "-version")
                .start()
                .getInputStream()
                .readAllBytes();
        return new String(output, StandardCharsets.UTF_8).lines().findFirst().orElse("of an unknown version");
    }
}
