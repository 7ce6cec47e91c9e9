package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.Delays;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A lab machine: simulated phones without delays, attached by the real {@code adb} with a server and a home folder of its
 * own, a scripted model and an outbox. Tests are skipped where {@code adb} is missing, but fail there if {@code CI} is
 * set.
 */
public final class PhoneLab implements AutoCloseable {
    private final Map<String, String> environment = new HashMap<>();
    private final List<DemoPhone> phones = new ArrayList<>();
    private final DemoModel model;
    private final Path folder;
    private final Path outbox;

    public PhoneLab(Path folder, int phoneCount, DemoScript script) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "adb")));
        assumeTrue(
                installed || System.getenv("CI") != null,
                "skipped: adb is not installed (Debian: apt-get install adb)");
        assertThat(installed).as("adb is on the PATH").isTrue();
        this.folder = folder;
        outbox = folder.resolve("outbox");
        model = DemoModel.start(script);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("ANDROID_ADB_SERVER_PORT", String.valueOf(free.getLocalPort()));
        }
        environment.put("HOME", folder.toString());
        environment.put("STEPTRAIL_OUTBOX", outbox.toString());
        environment.put("STEPTRAIL_MODEL_URL", model.url());
        for (int i = 0; i < phoneCount; i++) {
            DemoPhone phone = DemoPhone.start(DemoPhone.Options.defaults()
                    .serial("DEMO000" + i)
                    .screen(540, 1200, 210)
                    .delays(Delays.NONE));
            phones.add(phone);
            assertThat(adb("connect", phone.address())).contains("connected to");
        }
    }

    private String adb(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("adb"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "adb", ".txt"); // the server keeps a pipe open
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().remove("ANDROID_SERIAL");
        builder.start().waitFor();
        return Files.readString(output, UTF_8);
    }

    /** Returns the environment variables of a command. */
    public Map<String, String> environment() {
        return environment;
    }

    public DemoPhone phone(int index) {
        return phones.get(index);
    }

    public DemoModel model() {
        return model;
    }

    /** Runs a command in this process. */
    public Run run(String... arguments) {
        return SteptrailTestBase.run(environment, arguments);
    }

    /** Returns the records of the outbox, in the order of their tasks. */
    public List<StepRecord> records() throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (OutboxTask task : Outbox.openReadOnly(outbox).tasks()) {
            for (OutboxLine line : task.linesFrom(0, Integer.MAX_VALUE / 2)) {
                records.add(RecordCodec.decode(line.json()));
            }
        }
        return records;
    }

    public <T extends StepRecord> List<T> records(Class<T> type) throws Exception {
        return records().stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() throws Exception {
        adb("kill-server");
        model.close();
        phones.forEach(DemoPhone::close);
    }
}
