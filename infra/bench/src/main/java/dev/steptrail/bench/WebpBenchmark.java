package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/** Measures the conversion of a screenshot from PNG bytes in memory to a WebP file. */
public final class WebpBenchmark implements Benchmark {
    private static final int ROUNDS = 21;
    private static final WebpSettings SETTINGS = WebpSettings.DEFAULT;

    private String versions = "";

    @Override
    public String versions() {
        return versions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        WebpEncoder encoder = new WebpEncoder(SETTINGS);
        Path program = WebpEncoder.installProgram();
        String version = new String(runCwebp(program, "-version"), StandardCharsets.UTF_8);
        versions = ", cwebp " + version.lines().findFirst().orElse("unknown");
        Path folder = Files.createTempDirectory("bench-webp");
        try {
            List<Path> screens = DistinctScreens.write(folder, rounds.count(ROUNDS) + 1);
            Iterator<Path> ownScreens = screens.iterator();
            Iterator<Path> baselineScreens = screens.iterator();
            Path steptrail = folder.resolve("steptrail.webp");
            String baseline = folder.resolve("baseline.webp").toString();
            String quality = String.valueOf(SETTINGS.quality());
            String method = String.valueOf(SETTINGS.method());
            double[] millis = rounds.measureMedians(
                    1,
                    ROUNDS,
                    Subject.timedWithPreparation(() -> {
                        byte[] png = Files.readAllBytes(ownScreens.next());
                        return () -> Files.write(steptrail, encoder.encode(png));
                    }),
                    Subject.timedWithPreparation(() -> {
                        Path screen = baselineScreens.next();
                        return () -> runCwebp(
                                program, "-quiet", "-q", quality, "-m", method, screen.toString(), "-o", baseline);
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
            PathUtils.deleteDirectory(folder);
        }
    }

    private static byte[] runCwebp(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(program + " exited with code " + process.exitValue());
        }
        return output;
    }
}
