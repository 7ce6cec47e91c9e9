package dev.steptrail.localcloud.phone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Regenerates the project's sample traces and their screenshots. */
public final class DrawSamples {
    private DrawSamples() {}

    /** Writes all samples into the folder that is the only argument. Overwrites existing files. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: DrawSamples FOLDER");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        for (SampleTrace sample : SampleTrace.ALL) {
            for (Map.Entry<String, byte[]> file : sample.files().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.resolveSibling("."));
                Files.write(path, file.getValue());
            }
            System.out.println(folder.resolve(sample.name()));
        }
    }
}
