package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * Starts JVMs as Lambda's managed Java runtimes do, with the runtime interface client on the class path. The client
 * loads the function's classes from the working directory. Uses the JDK of this process.
 *
 * @param library the client's native library, which each process would otherwise unpack to /tmp
 * @param snapStart whether Lambda takes a snapshot of the process before its first event
 */
record LambdaRuntime(Path library, boolean snapStart) {
    /** The JVM options for 1024 MB. {@code org.crac.Core.Compat} makes the client call {@code org.crac} hooks. */
    private static final List<String> OPTIONS = List.of(
            "-XX:MaxHeapSize=891289k",
            "-XX:+UseSerialGC",
            "-XX:+TieredCompilation",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-Djava.net.preferIPv4Stack=true");

    /**
     * Lambda sets this option only without SnapStart (<a
     * href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">Customize Java runtime startup
     * behavior</a>).
     */
    private static final String C1_ONLY = "-XX:TieredStopAtLevel=1";

    private static final String JNI = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    /** Copies the client's native library into a folder. */
    static Path unpackLibrary(Path folder) throws IOException {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-" + architecture + ".so";
        Path library = folder.resolve(name);
        try (InputStream bytes = Objects.requireNonNull(AWSLambda.class.getResourceAsStream("/jni/" + name))) {
            Files.copy(bytes, library);
        }
        return library;
    }

    /**
     * Starts a process that gets its event from {@code api}. Its log is discarded.
     *
     * @param folder the function's unpacked zip
     * @param handler the name of the handler class
     * @param settings environment variables, in addition to those that Lambda sets
     */
    Process start(Path folder, String handler, Map<String, String> settings, RuntimeApi api) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        if (!snapStart) {
            command.add(C1_ONLY);
        }
        command.add("-D" + JNI + "=" + library);
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // prevents a warning about the client's library
        }
        command.addAll(List.of("-cp", classPath(), AWSLambda.class.getName(), handler));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "_HANDLER", handler,
                        "LAMBDA_TASK_ROOT", folder.toString(),
                        "AWS_LAMBDA_FUNCTION_NAME", "bench",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_FORMAT", "JSON",
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "AWS_LAMBDA_INITIALIZATION_TYPE", snapStart ? "snap-start" : "on-demand",
                        "LANG", "en_US.UTF-8",
                        "TZ", ":UTC"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        api.watch(process);
        return process;
    }

    private static String classPath() {
        return Stream.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(FunctionPackage::jarOf)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
