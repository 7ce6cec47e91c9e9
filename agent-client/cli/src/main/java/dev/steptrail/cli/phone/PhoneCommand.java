package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** A command that sends a request to one phone. Commands inherit its exit codes. */
@Command(exitCodeList = "6:the phone is not usable or was disconnected, or the request failed")
abstract class PhoneCommand extends SteptrailCommand {
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
            return exitCode(RunOutcome.DEVICE_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Returns the exit code of {@code steptrail run}. */
    static int exitCode(RunOutcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> 0;
            case FAILED -> 1;
            case STEP_LIMIT, TIME_LIMIT, TOKEN_LIMIT, COST_LIMIT -> 3;
            case MODEL_ERROR -> 4;
            case UNPARSEABLE_REPLY -> 5;
            case DEVICE_LOST, DEVICE_ERROR -> 6;
            case USER_NEEDED, REFUSED -> 7;
            case CANCELLED -> 130;
        };
    }

    /**
     * Checks the arguments before the phone is opened.
     *
     * @throws ParameterException if an argument is not valid
     */
    void check() throws IOException {}

    /** @throws ParameterException if an argument is not valid for this phone */
    abstract void run(Device phone) throws DeviceException, IOException, InterruptedException;
}
