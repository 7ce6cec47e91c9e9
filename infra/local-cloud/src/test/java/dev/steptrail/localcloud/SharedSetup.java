package dev.steptrail.localcloud;

import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Shares the Postgres binaries and a signing key between the tests' clouds, which saves seconds per cloud. Reserves the
 * ports of each cloud, because tests that run in parallel start and restart many.
 */
public final class SharedSetup {
    /** The folder into which the library unpacks the Postgres binaries. */
    private static final Path BINARIES = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");

    private static final String SIGNING_KEY = Issuer.newKey().toJSONString();

    private SharedSetup() {}

    /** Adds the binaries, the key and the ports to the data folder of a cloud before its first start. */
    public static void addTo(Path data) throws IOException {
        Path link = Files.createDirectories(data.resolve(LocalSettings.DATABASE_FOLDER))
                .resolve("binaries");
        if (Files.notExists(link)) {
            Files.createSymbolicLink(link, Files.createDirectories(BINARIES));
        }
        DataFolder folder = new DataFolder(data);
        if (!folder.contains(LocalSettings.KEY_FILE)) {
            folder.write(LocalSettings.KEY_FILE, SIGNING_KEY);
            StringBuilder ports = new StringBuilder();
            for (String server : List.of("api", "database", "queue", "bucket", "parameter")) {
                ports.append(server)
                        .append(".port=")
                        .append(ReservedPorts.reserve())
                        .append('\n');
            }
            folder.write(LocalSettings.FILE, ports.toString());
        }
    }
}
