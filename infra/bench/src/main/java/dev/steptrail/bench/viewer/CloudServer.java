package dev.steptrail.bench.viewer;

import dev.steptrail.bench.Jvm;
import dev.steptrail.localcloud.LocalCloud;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.io.file.PathUtils;

/**
 * A local cloud, as {@code infra/local-cloud/up} runs it, in a separate process with a temporary folder.
 *
 * @param environment the variables in the local cloud's {@code local.env}
 */
record CloudServer(Path folder, Jvm process, Map<String, String> environment) implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Starts a local cloud and waits until it is ready. */
    static CloudServer start() throws IOException {
        Path folder = Files.createTempDirectory("bench-cloud");
        Path data = folder.resolve("data");
        Jvm process = Jvm.start(
                LocalCloud.class.getName(),
                System.getProperty("java.class.path"),
                Map.of(),
                List.of(),
                List.of("--data", data.toString(), "--template", "sam-template.yaml"));
        process.awaitLine("ready");
        Map<String, String> environment = Files.readAllLines(data.resolve("local.env")).stream()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replaceAll("^'|'$", "")));
        return new CloudServer(folder, process, environment);
    }

    /** Returns a variable of {@code local.env}. */
    String get(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalStateException("local.env does not contain " + name);
        }
        return value;
    }

    /** Sends a GET request for a path of the API, as the owner of the recorded tasks. */
    HttpResponse<String> request(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(get("STEPTRAIL_API") + path))
                .header("Authorization", "Bearer " + get("STEPTRAIL_TOKEN"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException {
        process.close();
        PathUtils.deleteDirectory(folder);
    }
}
