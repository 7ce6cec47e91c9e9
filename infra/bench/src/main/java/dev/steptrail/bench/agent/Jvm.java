package dev.steptrail.bench.agent;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Java process that tells what it has to tell as lines of a name and a value, up to an empty one or its end. */
final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Jvm(Class<?> main, String classPath, Map<String, String> environment, List<String> options, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The class path of this JVM. */
    static String everything() {
        return System.getProperty("java.class.path");
    }

    /** That of an agent that embeds Steptrail, and the classes of this module. */
    static String agents() {
        Path shipper = Path.of("agent-client", "shipper", "target");
        return String.join(
                File.pathSeparator,
                Path.of("infra", "bench", "target", "bench.jar").toString(),
                shipper.resolve("shipper.jar").toString(),
                shipper.resolve("lib").resolve("*").toString());
    }

    /** The next lines. */
    Map<String, String> told() throws IOException {
        Map<String, String> told = new TreeMap<>();
        for (String line = out.readLine(); line != null && !line.isEmpty(); line = out.readLine()) {
            int space = line.indexOf(' ');
            if (space > 0) {
                told.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return told;
    }

    /** Waits for it to end by itself. */
    void join() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException("a process that is measured ended with " + process.exitValue());
        }
    }

    /** Ends it, if it has not ended, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
