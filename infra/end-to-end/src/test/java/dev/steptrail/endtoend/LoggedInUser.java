package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A user of {@code steptrail login}. The environment contains no token. */
public final class LoggedInUser {
    private static final long PATIENCE_SECONDS = 60;

    private LoggedInUser() {}

    /** Performs the user's part in a browser: opens the sign-in page and follows it back to the command. */
    public interface Browser {
        void signIn(String url) throws Exception;
    }

    /** Returns the environment of commands that use a login in this configuration folder. */
    public static Map<String, String> environment(CloudProcess cloud, Path config) {
        Map<String, String> environment = new TreeMap<>(cloud.environment());
        environment.remove("STEPTRAIL_TOKEN");
        environment.put("XDG_CONFIG_HOME", config.toString());
        return environment;
    }

    /**
     * Runs {@code steptrail login} in this process until it ends.
     *
     * @return its exit code and standard output, then the lines of standard error after the URL
     */
    public static String login(Map<String, String> environment, Browser browser, String... options) throws Exception {
        StringWriter out = new StringWriter();
        try (PipedReader pipe = new PipedReader(65_536);
                PipedWriter errors = new PipedWriter(pipe);
                BufferedReader lines = new BufferedReader(pipe)) {
            String[] arguments = new String[options.length + 1];
            arguments[0] = "login";
            System.arraycopy(options, 0, arguments, 1, options.length);
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> {
                try (PrintWriter err = new PrintWriter(errors, true)) {
                    return Steptrail.run(environment, new PrintWriter(out, true), err, arguments);
                }
            });
            StringBuilder printed = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("http")) {
                    printed.setLength(0); // the prompts before the URL
                    browser.signIn(line);
                } else {
                    printed.append(line).append('\n');
                }
            }
            return exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS) + "\n" + out + printed;
        }
    }

    /** Signs a user in without a browser, and returns a terminal that uses the login. */
    static Terminal of(CloudProcess cloud, Path config, String user, boolean admin) throws Exception {
        Map<String, String> environment = environment(cloud, config);
        String result = login(environment, url -> get(redirect(url + "&user=" + user + "&admin=" + admin)));
        assertThat(result)
                .isEqualTo("0\nsigned in to " + cloud.api().address() + " as " + user + (admin ? " (admin)" : "")
                        + System.lineSeparator());
        return new Terminal(environment);
    }

    /** Returns the file of the only login in this configuration folder. */
    static Path file(Path config) throws IOException {
        try (Stream<Path> files = Files.list(config.resolve("steptrail/logins"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Requests an authorization URL, and returns the URL to which the issuer redirects the browser. */
    static String redirect(String url) throws IOException, InterruptedException {
        return get(url).headers().firstValue("location").orElseThrow();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
