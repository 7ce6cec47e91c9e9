package dev.steptrail.bench.webp;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.shipper.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it costs to store a screenshot, from the PNG's bytes in memory to the WebP on the disk. */
public final class WebpBenchmark implements Benchmark {
    private static final int ROUNDS = 15;
    private static final WebpSettings SETTINGS = WebpSettings.DEFAULT;

    private String conditions = "";

    @Override
    public String name() {
        return "webp";
    }

    @Override
    public String description() {
        return "A PNG of 1080x2400 pixels made WebP and stored, against the `cwebp` program on the same files, quality "
                + SETTINGS.quality() + ", method " + SETTINGS.method() + " both, all pictures distinct." + conditions;
    }

    @Override
    public List<Measurement> run() throws Exception {
        WebpEncoder encoder = new WebpEncoder(SETTINGS);
        Path program = WebpEncoder.program();
        Path folder = Files.createTempDirectory("bench-webp");
        try {
            List<Path> screens = DistinctScreens.in(folder, ROUNDS);
            Path ours = folder.resolve("ours.webp");
            Path peers = folder.resolve("peers.webp");
            List<Double> oursMillis = new ArrayList<>();
            List<Double> peersMillis = new ArrayList<>();
            List<Double> shares = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                Path screen = screens.get(round % screens.size());
                byte[] png = Files.readAllBytes(screen);
                // Whoever goes second finds the disk's cache warm.
                boolean first = round % 2 == 0;
                if (first) {
                    oursMillis.add(millis(() -> Files.write(ours, encoder.encode(png))));
                }
                peersMillis.add(millis(() -> cwebp(program, screen, peers)));
                if (!first) {
                    oursMillis.add(millis(() -> Files.write(ours, encoder.encode(png))));
                }
                shares.add(100.0 * Files.size(ours) / png.length);
            }
            conditions = " cwebp " + version(program) + " both; its files are " + String.format("%.1f", median(shares))
                    + " % of the PNG's.";
            return List.of(
                    new Measurement(
                            "store a screenshot",
                            "cwebp",
                            median(oursMillis),
                            median(peersMillis),
                            "ms",
                            new Bar.AtMost(1.10)),
                    new Measurement(
                            "bytes stored, of 100 of the PNG", "PNG", median(shares), 100, "", new Bar.AtMost(0.20)));
        } finally {
            DistinctScreens.remove(folder);
        }
    }

    /** Something to be timed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static double millis(Work work) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> values) {
        return Measurement.median(
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void cwebp(Path program, Path png, Path webp) throws IOException, InterruptedException {
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
            throw new IOException(program + " ended with " + process.exitValue());
        }
    }

    private static String version(Path program) throws IOException {
        byte[] told = new ProcessBuilder(program.toString(), "-version")
                .start()
                .getInputStream()
                .readAllBytes();
        return new String(told, StandardCharsets.UTF_8).lines().findFirst().orElse("of an unknown version");
    }
}
