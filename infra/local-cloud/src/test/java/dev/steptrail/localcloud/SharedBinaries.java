package dev.steptrail.localcloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Postgres's programs, unpacked once for all clouds of these tests; each would take seconds to unpack its own. */
public final class SharedBinaries {
    /** Where the library puts those of any other server that a test starts. */
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");

    private SharedBinaries() {}

    /** Links them into a cloud's data folder, before its first start. */
    public static void linkInto(Path data) throws IOException {
        Path link = Files.createDirectories(data.resolve(LocalSettings.DATABASE_FOLDER))
                .resolve("binaries");
        if (Files.notExists(link)) {
            Files.createSymbolicLink(link, Files.createDirectories(FOLDER));
        }
    }
}
