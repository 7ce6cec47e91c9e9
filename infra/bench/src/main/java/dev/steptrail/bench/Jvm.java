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

/** A Java process that prints lines with a name and a value, followed by an empty line or the end of the output. */
public final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Jvm(
            String main,
            String classPath,
            Map<String, String> environment,
            List<String> options,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a server with the class path of this process. It is stopped when this process exits. */
    public static Jvm server(Class<?> main, List<String> arguments) throws IOException {
        return new Jvm(main.getName(), System.getProperty("java.class.path"), Map.of(), List.of(), arguments);
    }

    /** Starts a process with only the libraries that an agent embeds and the classes of this module. */
    public static Jvm agent(
            Class<?> main, Map<String, String> environment, List<String> options, List<String> arguments)
            throws IOException {
        Path shipper = Path.of("agent-client", "shipper", "target");
        String classPath = String.join(
                File.pathSeparator,
                Path.of("infra", "bench", "target", "bench.jar").toString(),
                shipper.resolve("shipper.jar").toString(),
                shipper.resolve("lib").resolve("*").toString());
        return new Jvm(main.getName(), classPath, environment, options, arguments);
    }

    /** Starts the command line {@code steptrail}. */
    public static Jvm commandLine(Map<String, String> environment, String... arguments) throws IOException {
        String classPath = Path.of("agent-client", "cli", "target", "lib", "*").toString();
        return new Jvm("dev.steptrail.cli.Steptrail", classPath, environment, List.of(), List.of(arguments));
    }

    /** Returns the values of the next lines by name, up to an empty line. */
    public Map<String, String> readReport() throws IOException {
        Map<String, String> report = new TreeMap<>();
        for (String line = out.readLine(); line != null && !line.isEmpty(); line = out.readLine()) {
            int space = line.indexOf(' ');
            if (space > 0) {
                report.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return report;
    }

    /**
     * Waits for a line with this name and returns its value.
     *
     * @throws IOException if the process exits without printing it
     */
    public String awaitLine(String name) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(name + " ")) {
                return line.substring(name.length() + 1);
            }
        }
        throw new IOException("the process exited before it printed '" + name + "'");
    }

    /** Waits for the process to exit. */
    public void join() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException("the measured process exited with code " + process.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
