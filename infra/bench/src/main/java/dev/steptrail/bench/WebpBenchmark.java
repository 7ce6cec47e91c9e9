package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds.Subject;
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
        return "The time to encode a PNG of 1080x2400 pixels as WebP and store it, with distinct screens. The"
                + " baseline is the `cwebp` program on the same files. Both use quality " + SETTINGS.quality()
                + " and method " + SETTINGS.method() + "." + conditions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        WebpEncoder encoder = new WebpEncoder(SETTINGS);
        Path program = WebpEncoder.installProgram();
        conditions = " Version of cwebp: " + version(program) + ".";
        Path folder = Files.createTempDirectory("bench-webp");
        try {
            List<Path> screens = DistinctScreens.write(folder, rounds.count(ROUNDS));
            Path steptrail = folder.resolve("steptrail.webp");
            Path baseline = folder.resolve("baseline.webp");
            AtomicInteger calls = new AtomicInteger();
            double[] millis = rounds.measureMedians(
                    1,
                    ROUNDS,
                    Subject.timedWithPreparation(() -> {
                        byte[] png = Files.readAllBytes(next(screens, calls));
                        return () -> Files.write(steptrail, encoder.encode(png));
                    }),
                    Subject.timedWithPreparation(() -> {
                        Path screen = next(screens, calls);
                        return () -> runCwebp(program, screen, baseline);
                    }));
            byte[] thumbnail = encoder.createThumbnail(Files.readAllBytes(screens.get(0)))
                    .orElseThrow()
                    .webp();
            System.out.printf( // for infra/CAPACITY.md
                    "KB of a screen as WebP: %.1f, of its thumbnail: %.1f%n",
                    Files.size(steptrail) / 1e3, thumbnail.length / 1e3);
            return List.of(
                    new Measurement("store a screenshot", "cwebp", millis[0], millis[1], "ms", Threshold.atMost(1.10)));
        } finally {
            TemporaryFolders.delete(folder);
        }
    }

    /** Returns each screen twice in a row, once for each of the two systems. */
    private static Path next(List<Path> screens, AtomicInteger calls) {
        return screens.get(calls.getAndIncrement() / 2 % screens.size());
    }

    private static Path runCwebp(Path program, Path png, Path webp) throws IOException, InterruptedException {
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
            throw new IOException(program + " exited with code " + process.exitValue());
        }
        return webp;
    }

    private static String version(Path program) throws IOException {
        byte[] output = new ProcessBuilder(program.toString(), "-version")
                .start()
                .getInputStream()
                .readAllBytes();
        return new String(output, StandardCharsets.UTF_8).lines().findFirst().orElse("unknown");
    }
}
