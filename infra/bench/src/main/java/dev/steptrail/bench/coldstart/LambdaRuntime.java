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
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * A Java runtime of Lambda: a JVM with the runtime interface client on its class path. The client itself loads the function's classes
 * from the folder that the process is in.
 *
 * @param jdk whose JVM it is
 * @param library the client's native part, which it would unpack to /tmp each time if it were not told
 * @param archive of classes that the JVM has parsed and linked before; null but for the JDK's own
 */
record LambdaRuntime(Jdk jdk, Path library, @Nullable Archive archive) {
    /**
     * As the managed runtimes start it with 1024 MB: the quick compiler alone, but with SnapStart or provisioned concurrency (<a
     * href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">Customize Java runtime startup behavior</a>), and the
     * serial collector.
     */
    private static final List<String> OPTIONS = List.of(
            "-XX:MaxHeapSize=891289k",
            "-XX:+UseSerialGC",
            "-XX:+TieredCompilation",
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true");

    private static final String JNI = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    /**
     * An archive of class data.
     *
     * @param isMade whether the process makes it when it ends, or uses it
     */
    record Archive(Path file, boolean isMade) {
        String option() {
            return (isMade ? "-XX:ArchiveClassesAtExit=" : "-XX:SharedArchiveFile=") + file;
        }
    }

    LambdaRuntime(Jdk jdk, Path library) {
        this(jdk, library, null);
    }

    LambdaRuntime with(Archive its) {
        return new LambdaRuntime(jdk, library, its);
    }

    /** Puts the client's native part into a folder. */
    static Path unpackLibrary(Path folder) throws IOException {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-" + architecture + ".so";
        Path library = folder.resolve(name);
        try (InputStream bytes = Objects.requireNonNull(AWSLambda.class.getResourceAsStream("/jni/" + name))) {
            Files.copy(bytes, library);
        }
        return library;
    }

    /** Starts a process that asks the API for what to do. What it logs is discarded. */
    Process start(Deployment function, RuntimeApi api) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.addAll(OPTIONS);
        command.add("-D" + JNI + "=" + library);
        if (jdk.version() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // without which it warns of the client
        }
        if (archive != null) {
            command.add(archive.option());
        }
        command.addAll(List.of("-cp", classPath(function), AWSLambda.class.getName(), function.handler()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(function.folder().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(function.environment());
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
        Process process = builder.start();
        api.expect(process);
        return process;
    }

    /** With an archive the function's jars too: of what other loaders than the JVM's own load it archives the least. */
    private String classPath(Deployment function) throws IOException {
        Stream<Path> client = Stream.of(
                        AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(TaskFolder::jarOf);
        return Stream.concat(client, archive == null ? Stream.of() : function.jars().stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
