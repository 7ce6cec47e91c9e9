package dev.steptrail.cli.phone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.demophone.AdbServerProcess;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.Delays;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A lab machine: simulated phones without delays, attached by the real {@code adb} with a server and a home folder of
 * its own, a scripted model and an outbox. Tests are skipped where {@code adb} is missing, but fail there if {@code CI}
 * is set.
 */
public final class PhoneLab implements AutoCloseable {
    private final Map<String, String> environment = new HashMap<>();
    private final List<DemoPhone> phones = new ArrayList<>();
    private final DemoModel model;
    private final AdbServerProcess adb;
    private final Path outbox;

    public PhoneLab(Path folder, int phoneCount, DemoScript script) throws Exception {
        adb = new AdbServerProcess(folder);
        outbox = folder.resolve("outbox");
        model = DemoModel.start(script);
        environment.putAll(adb.environment());
        environment.put("STEPTRAIL_OUTBOX", outbox.toString());
        environment.put("STEPTRAIL_MODEL_URL", model.url());
        for (int i = 0; i < phoneCount; i++) {
            DemoPhone phone = DemoPhone.start(DemoPhone.Options.defaults()
                    .serial("DEMO000" + i)
                    .screen(540, 1200, 210)
                    .delays(Delays.NONE));
            phones.add(phone);
            attach(phone);
        }
    }

    /** Connects another phone, which the caller closes. */
    void attach(DemoPhone phone) throws Exception {
        assertThat(adb.call("connect", phone.address())).contains("connected to");
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
        adb.close();
        model.close();
        phones.forEach(DemoPhone::close);
    }
}
