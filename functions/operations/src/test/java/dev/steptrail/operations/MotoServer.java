package dev.steptrail.operations;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * <a href="https://docs.getmoto.org/">moto</a>, a server that emulates AWS APIs, in a virtual environment of Python
 * that is created on first use in the user's cache. If it cannot be installed, tests are skipped, or fail if the
 * variable {@code CI} is set.
 */
final class MotoServer implements AutoCloseable {
    private static final String PACKAGE = "moto[cognitoidp,server]==5.2.5";
    private static final Path CACHE =
            Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"));
    private static final Path ENVIRONMENT = CACHE.resolve("steptrail/moto-5.2.5");
    private static final long START_SECONDS = 60;

    private final Process process;
    private final String url;

    private MotoServer(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static MotoServer start() throws IOException, InterruptedException {
        if (!Files.exists(ENVIRONMENT)) {
            String problem = install();
            boolean isRequired = !System.getenv().getOrDefault("CI", "").isBlank();
            if (!problem.isEmpty() && isRequired) {
                throw new AssertionError(problem);
            }
            if (!problem.isEmpty()) {
                System.out.println("skipped: " + problem); // Maven prints no reason
            }
            assumeTrue(problem.isEmpty(), problem);
        }
        int port = ReservedPorts.reserve();
        Process process = new ProcessBuilder(
                        ENVIRONMENT.resolve("bin/python").toString(),
                        "-m",
                        "moto.server",
                        "-H",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "moto.log").toFile())
                .start();
        MotoServer server = new MotoServer(process, "http://127.0.0.1:" + port);
        server.awaitReady();
        return server;
    }

    /**
     * Returns the reason if the installation failed, otherwise an empty text. An incomplete environment is not used.
     */
    private static String install() throws IOException, InterruptedException {
        Path log = Path.of("target", "moto-install.log");
        Path incomplete =
                ENVIRONMENT.resolveSibling("moto." + ProcessHandle.current().pid());
        for (List<String> command : List.of(
                List.of("python3", "-m", "venv", incomplete.toString()),
                List.of(incomplete.resolve("bin/pip").toString(), "install", "--quiet", PACKAGE))) {
            try {
                Process step = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
                if (step.waitFor() != 0) {
                    return "moto cannot be installed (see functions/operations/" + log + "): " + command;
                }
            } catch (IOException e) {
                return "moto cannot be installed: " + e.getMessage();
            }
        }
        if (!incomplete.toFile().renameTo(ENVIRONMENT.toFile())) {
            return Files.exists(ENVIRONMENT) ? "" : "moto cannot be installed as " + ENVIRONMENT;
        }
        return "";
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create(url + "/moto-api/").toURL().openConnection();
                connection.getResponseCode();
                return;
            } catch (IOException notReady) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    close();
                    throw new IOException("moto does not start; see functions/operations/target/moto.log", notReady);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
