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
 * Starts JVMs as Lambda's managed Java runtimes do: with the runtime interface client on the class path, which loads the function's
 * classes from the working directory. They run on the JDK that runs this.
 *
 * @param library the client's native part, which it would otherwise unpack to /tmp in each process
 * @param snapStart whether Lambda takes a snapshot of the process before its first event
 */
record LambdaRuntime(Path library, boolean snapStart) {
    /** The options with 1024 MB. {@code org.crac.Core.Compat} connects hooks registered with {@code org.crac} to the client. */
    private static final List<String> OPTIONS = List.of(
            "-XX:MaxHeapSize=891289k",
            "-XX:+UseSerialGC",
            "-XX:+TieredCompilation",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-Djava.net.preferIPv4Stack=true");

    /**
     * Lambda sets it only without SnapStart (<a href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">Customize Java
     * runtime startup behavior</a>).
     */
    private static final String C1_ONLY = "-XX:TieredStopAtLevel=1";

    private static final String JNI = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    /** Copies the client's native part into a folder. */
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
     * Starts a process that gets its event from this API. Its log is discarded.
     *
     * @param folder the function's unpacked zip
     * @param handler the name of its class
     * @param settings its variables, to which those that Lambda sets are added
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
            command.add("--enable-native-access=ALL-UNNAMED"); // otherwise the JVM warns about the client
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
        api.expect(process);
        return process;
    }

    private static String classPath() {
        return Stream.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(TaskFolder::jarOf)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
