package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AttachedPhone;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInUseException;
import dev.steptrail.phone.device.DeviceInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "devices",
        description = {
            "List the phones that are attached by USB or Wi-Fi, and what to do about those that cannot be used.",
            "Starts the adb server if it does not run."
        },
        exitCodeList = {
            "0:at least one phone can be used",
            "1:failure, with a message",
            SteptrailCommand.WRONG_USAGE,
            "6:no phone can be used, or adb does not work"
        },
        footer = {"  steptrail devices", "  steptrail devices --demo-phone", DeviceOptions.ENVIRONMENT})
public final class DevicesCommand extends SteptrailCommand {
    private static final String SERIAL = "serial";
    private static final String STATE = "state";
    private static final String ADVICE = "advice";
    private static final String READY = "ready";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--demo-phone", description = "List a simulated phone, which is started for this command.")
    private boolean demoPhone;

    @Override
    public Integer call() throws IOException {
        AdbDevices devices = new AdbDevices(DeviceOptions.settings(this, environment()));
        List<JsonNode> phones = new ArrayList<>();
        try {
            if (demoPhone) {
                try (OpenPhone phone = OpenPhone.startDemo(devices, 1)) {
                    phones.add(describe(phone.name(), phone.device()));
                }
            } else {
                for (AttachedPhone phone : devices.list()) {
                    phones.add(describe(phone, devices));
                }
            }
        } catch (DeviceException e) {
            printError(e.getMessage());
            return ExitCodes.of(RunOutcome.DEVICE_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        print(phones);
        return phones.stream().anyMatch(phone -> phone.path(STATE).asText().equals(READY))
                ? 0
                : ExitCodes.of(RunOutcome.DEVICE_ERROR);
    }

    private static ObjectNode describe(AttachedPhone phone, AdbDevices devices) throws InterruptedException {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put(SERIAL, phone.serial())
                .put(STATE, phone.state())
                .put("model", phone.model());
        if (phone.advice() != null) {
            return object.put(ADVICE, phone.advice());
        }
        try (Device device = devices.open(phone.serial())) {
            return describe(phone.serial(), device);
        } catch (DeviceInUseException e) {
            return object.put(STATE, "in use").put(ADVICE, message(phone, e) + "; wait until it ends, or stop it");
        } catch (DeviceException e) {
            return object.put(STATE, "failed").put(ADVICE, message(phone, e));
        }
    }

    /** Returns the message without the serial number, which has a column. */
    private static String message(AttachedPhone phone, DeviceException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = phone.serial() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    private static ObjectNode describe(String serial, Device device) throws DeviceException, InterruptedException {
        DeviceInfo info = device.info();
        return JsonNodeFactory.instance
                .objectNode()
                .put(SERIAL, serial)
                .put(STATE, READY)
                .put("model", info.model())
                .put("android", info.androidVersion())
                .put("screen", info.screen().width() + "x" + info.screen().height())
                .put("keyboard", info.keyboard());
    }

    private void print(List<JsonNode> phones) {
        if (json) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.putArray("devices").addAll(phones);
            out().println(Terminal.printableJson(all.toString()));
        } else if (phones.isEmpty()) {
            printError(AdbDevices.NONE_ATTACHED + "; --demo-phone needs none");
        } else {
            new Table(zone())
                    .fields(SERIAL, STATE, "model", "android", "screen", ADVICE)
                    .lines(phones)
                    .forEach(this::println);
        }
    }
}
