package dev.steptrail.bench;

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
public final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    /** Starts one. What it writes to its standard error goes to ours. */
    public Jvm(
            Class<?> main,
            String classPath,
            Map<String, String> environment,
            List<String> options,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // however this one ends
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The class path of this JVM. */
    public static String everything() {
        return System.getProperty("java.class.path");
    }

    /** That of an agent that embeds Steptrail, and the classes of this module. */
    public static String agents() {
        Path shipper = Path.of("agent-client", "shipper", "target");
        return String.join(
                File.pathSeparator,
                Path.of("infra", "bench", "target", "bench.jar").toString(),
                shipper.resolve("shipper.jar").toString(),
                shipper.resolve("lib").resolve("*").toString());
    }

    /** The next lines. */
    public Map<String, String> told() throws IOException {
        Map<String, String> told = new TreeMap<>();
        for (String line = out.readLine(); line != null && !line.isEmpty(); line = out.readLine()) {
            int space = line.indexOf(' ');
            if (space > 0) {
                told.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return told;
    }

    /**
     * Waits for the line of this name, and answers its value.
     *
     * @throws IOException if the process ends without it
     */
    public String await(String name) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(name + " ")) {
                return line.substring(name.length() + 1);
            }
        }
        throw new IOException("a process ended before it was " + name);
    }

    /** Waits for it to end by itself. */
    public void join() throws IOException, InterruptedException {
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
