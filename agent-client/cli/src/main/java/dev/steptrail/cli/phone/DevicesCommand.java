package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInfo;
import dev.steptrail.phone.device.Readiness;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "devices",
        description = {
            "List the phones that are attached by USB or Wi-Fi, and what to do about those that cannot be used.",
            "Starts the adb server if it does not run."
        },
        exitCodeList = {"0:at least one phone can be used", "6:no phone can be used, or adb does not work"},
        footer = {
            "  steptrail devices",
            "  steptrail devices --demo-phone",
            "%nEnvironment:" + DeviceOptions.SERVER_VARIABLE
        })
public final class DevicesCommand extends SteptrailCommand {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--demo-phone", description = "List a simulated phone, which is started for this command.")
    private boolean demoPhone;

    @Override
    public Integer call() throws IOException {
        AdbSettings settings = DeviceOptions.settings(this, environment());
        List<PhoneReport> phones;
        try {
            if (demoPhone) {
                try (OpenPhone phone = OpenPhone.startDemo(new AdbDevices(settings), 1)) {
                    phones = List.of(PhoneReport.of(phone.device()));
                }
            } else {
                phones = PhoneReport.all(settings);
            }
        } catch (DeviceException e) {
            printError(e.getMessage());
            return PhoneCommand.exitCode(RunOutcome.DEVICE_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        print(phones);
        return phones.stream().anyMatch(phone -> phone.state().equals(PhoneReport.READY))
                ? 0
                : PhoneCommand.exitCode(RunOutcome.DEVICE_ERROR);
    }

    private static JsonNode toJson(PhoneReport phone) {
        ObjectNode object = object().put("serial", phone.serial())
                .put("state", phone.state())
                .put("model", phone.model());
        DeviceInfo info = phone.info();
        if (info != null) {
            object.put("android", info.androidVersion())
                    .put("screen", info.screen().width() + "x" + info.screen().height())
                    .put("keyboard", info.keyboard());
        }
        Readiness readiness = phone.readiness();
        if (readiness != null) {
            object.put("adb_keyboard", readiness.adbKeyboard().name().toLowerCase(Locale.ROOT));
        }
        return object.put("advice", phone.advice());
    }

    private void print(List<PhoneReport> phones) {
        List<JsonNode> rows = phones.stream().map(DevicesCommand::toJson).toList();
        if (json) {
            ObjectNode all = object();
            all.putArray("devices").addAll(rows);
            print(all.toPrettyString());
        } else if (phones.isEmpty()) {
            printError(AdbDevices.NONE_ATTACHED + "; --demo-phone needs none");
        } else {
            new Table(zone())
                    .fields("serial", "state", "model", "android", "screen", "advice")
                    .lines(rows)
                    .forEach(this::println);
        }
    }
}
