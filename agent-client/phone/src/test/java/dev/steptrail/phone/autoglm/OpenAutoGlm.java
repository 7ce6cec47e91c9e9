package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.demophone.AdbServerProcess;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The real Open-AutoGLM, with the real {@code adb}, whose server has its own port and home folder.
 *
 * <p>{@code STEPTRAIL_OPEN_AUTOGLM} is a folder with its sources, or a git repository. The packages that it needs are
 * installed with pip into {@code target}.
 */
final class OpenAutoGlm implements AutoCloseable {
    private static final String COMMIT = "6b18d7bed0a8b5696760b06f7d18065b150901a2";
    private static final List<String> PACKAGES = List.of("openai>=2.9.0", "Pillow>=12.0.0", "requests>=2.31.0");
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private final Path folder;
    private final Path sources;
    private final Path python;
    private final AdbServerProcess adb;

    private OpenAutoGlm(Path folder, Path sources, Path python, AdbServerProcess adb) {
        this.folder = folder;
        this.sources = sources;
        this.python = python;
        this.adb = adb;
    }

    /**
     * Skips the test if Open-AutoGLM or something that it needs is missing. If {@code CI} is set, the test then fails.
     */
    static OpenAutoGlm open(Path folder) throws Exception {
        String location = System.getenv("STEPTRAIL_OPEN_AUTOGLM");
        assumeTrue(
                location != null,
                "STEPTRAIL_OPEN_AUTOGLM is not set: a folder or a git repository of Open-AutoGLM to compare with");
        AdbServerProcess adb = new AdbServerProcess(folder);
        Path sources = Path.of(location);
        if (!Files.isDirectory(sources.resolve("phone_agent"))) {
            sources = checkOut(location);
        }
        Path environment = TARGET.resolve("open-autoglm-python");
        Path python = environment.resolve("bin/python");
        if (!Files.exists(environment.resolve("complete"))) {
            List<String> install = new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
            install.addAll(PACKAGES);
            boolean installed = run(Map.of(), "python3", "-m", "venv", environment.toString()) == null
                    && run(Map.of(), install.toArray(String[]::new)) == null;
            require(installed, "pip cannot install " + PACKAGES);
            Files.createFile(environment.resolve("complete"));
        }
        return new OpenAutoGlm(folder, sources, python, adb);
    }

    private static Path checkOut(String repository) throws Exception {
        Path checkout = TARGET.resolve("open-autoglm-" + COMMIT.substring(0, 12));
        if (!Files.isDirectory(checkout.resolve("phone_agent"))) {
            String git = checkout.toString();
            boolean done = run(Map.of(), "git", "init", "--quiet", git) == null
                    && run(Map.of(), "git", "-C", git, "fetch", "--quiet", "--depth=1", repository, COMMIT) == null
                    && run(Map.of(), "git", "-C", git, "checkout", "--quiet", "FETCH_HEAD") == null;
            require(done, "git cannot fetch " + COMMIT + " of " + repository);
        }
        return checkout;
    }

    private static void require(boolean condition, String message) {
        assumeTrue(condition || System.getenv("CI") != null, message);
        assertThat(condition).as(message).isTrue();
    }

    /** Runs its agent on the phone at this address, with a model that answers all requests. */
    void runAgent(String modelUrl, String address, String instruction, int maxSteps) throws Exception {
        adb.call("connect", address);
        python("run", modelUrl, address, instruction, String.valueOf(maxSteps));
    }

    /** Runs the script with this command and these arguments. */
    void python(String... arguments) throws Exception {
        Path script = folder.resolve("open_autoglm.py");
        try (InputStream resource = Objects.requireNonNull(OpenAutoGlm.class.getResourceAsStream("open_autoglm.py"))) {
            Files.write(script, resource.readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
        command.addAll(List.of(arguments));
        assertThat(run(environment(), command.toArray(String[]::new))).isNull();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(adb.environment());
        environment.putAll(Map.of(
                "LANG", "C.UTF-8",
                "PYTHONPATH", sources.toString(),
                "PYTHONDONTWRITEBYTECODE", "1"));
        for (String delay : List.of(
                "KEYBOARD_SWITCH",
                "TEXT_CLEAR",
                "TEXT_INPUT",
                "KEYBOARD_RESTORE",
                "TAP",
                "DOUBLE_TAP",
                "LONG_PRESS",
                "SWIPE",
                "BACK",
                "HOME",
                "LAUNCH")) {
            environment.put("PHONE_AGENT_" + delay + "_DELAY", "0");
        }
        return environment;
    }

    /** Runs a command with these variables and the PATH; returns its output if it fails, otherwise null. */
    private static @Nullable String run(Map<String, String> variables, String... command) throws Exception {
        Path output = Files.createTempFile("command", ".txt"); // not a pipe, which the adb server would keep open
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            if (!variables.isEmpty()) {
                builder.environment().keySet().retainAll(List.of("PATH"));
                builder.environment().putAll(variables);
            }
            int status = builder.start().waitFor();
            return status == 0 ? null : String.join(" ", command) + " failed:\n" + Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() throws Exception {
        adb.close();
    }
}
