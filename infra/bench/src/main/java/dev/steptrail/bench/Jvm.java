package dev.steptrail.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Java process that prints lines with a name and a value. It is stopped when this process exits. */
public final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Jvm(Process process) {
        this.process = process;
        out = process.inputReader(StandardCharsets.UTF_8);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * Starts a process.
     *
     * @param main the name of its main class
     * @param environment variables in addition to those of this process
     * @param options of the JVM
     */
    public static Jvm start(
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
        return new Jvm(builder.start());
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

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
