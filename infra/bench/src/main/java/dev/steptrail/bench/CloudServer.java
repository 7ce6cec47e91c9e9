package dev.steptrail.bench;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.localcloud.LocalCloud;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A local cloud, as {@code infra/local-cloud/up} runs it, in a separate process with a temporary folder.
 *
 * @param environment the variables in the local cloud's {@code local.env}
 */
public record CloudServer(Path folder, Jvm process, Map<String, String> environment) implements AutoCloseable {
    /** Starts a local cloud and waits until it is ready. */
    public static CloudServer start() throws IOException {
        Path folder = Files.createTempDirectory("bench-cloud");
        Path data = folder.resolve("data");
        Jvm process =
                Jvm.server(LocalCloud.class, List.of("--data", data.toString(), "--template", "sam-template.yaml"));
        process.awaitLine("ready");
        Map<String, String> environment = Files.readAllLines(data.resolve("local.env")).stream()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replaceAll("^'|'$", "")));
        return new CloudServer(folder, process, environment);
    }

    /** Returns a variable of {@code local.env}. */
    public String get(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalStateException("local.env does not contain " + name);
        }
        return value;
    }

    public Postgres postgres() throws IOException {
        Properties settings = new Properties();
        try (Reader text = Files.newBufferedReader(folder.resolve("data").resolve("settings.properties"))) {
            settings.load(text);
        }
        return new Postgres(
                Integer.parseInt(settings.getProperty("database.port")), settings.getProperty("database.password"));
    }

    @Override
    public void close() throws IOException {
        process.close();
        TemporaryFolders.delete(folder);
    }
}
