package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** A command that sends a request to one phone. */
abstract class PhoneCommand extends SteptrailCommand {
    static final String FAILURE = "1:failure, with a message";
    static final String NO_PHONE = "6:the phone is not usable or was disconnected, or the request failed";

    @Mixin
    private final DeviceOptions options = new DeviceOptions();

    @Override
    public final Integer call() throws IOException {
        check();
        try (OpenPhone phone = options.open(this, environment())) {
            run(phone.device());
            return 0;
        } catch (DeviceException e) {
            printError(e.getMessage());
            return ExitCodes.of(RunOutcome.DEVICE_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** @throws ParameterException if an argument is not valid */
    void check() {}

    abstract void run(Device phone) throws DeviceException, IOException, InterruptedException;

    final void requireCoordinate(String name, int value) {
        if (value < 0) {
            throw usageError(name + " must be at least 0, but is " + value);
        }
    }
}
