package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.OutcomeUnknownException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Runs commands on one phone. If the phone is disconnected before it has received a command, it is waited for. What
 * happens after that depends on the command: a query is repeated once, an input never. Not thread-safe.
 */
final class PhoneShell {
    private static final Pattern TYPED_TEXT = Pattern.compile("(--es msg|input text) .*", Pattern.DOTALL);
    /** More than the PNG of the largest screen. */
    private static final int MAX_CAPTURE_BYTES = 128 << 20;

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final String serial;
    private final AdbTransport transport;
    private final Duration reconnectTimeout;

    PhoneShell(String serial, AdbTransport transport, Duration reconnectTimeout) {
        this.serial = serial;
        this.transport = transport;
        this.reconnectTimeout = reconnectTimeout;
    }

    /**
     * Runs a command that may be executed twice, and returns what it wrote to standard output.
     *
     * @throws DeviceLostException if the phone is disconnected and does not come back
     * @throws DeviceException if the command fails, or was not answered, also not when repeated
     */
    String query(String command, Duration timeout) throws DeviceException, InterruptedException {
        ShellResult result = tryQuery(command, timeout);
        if (!result.succeeded()) {
            throw new DeviceException(serial + ": '" + withoutText(command) + "' failed: " + result.output());
        }
        return result.stdout();
    }

    /** As {@link #query}, but a command that fails has a result, too. */
    ShellResult tryQuery(String command, Duration timeout) throws DeviceException, InterruptedException {
        return repeatable(command, () -> shell(command, timeout));
    }

    /** Runs a command that may be executed twice, and returns the bytes that it wrote. They may be incomplete. */
    byte[] capture(String command, Duration timeout) throws DeviceException, InterruptedException {
        return repeatable(command, () -> {
            ByteArrayOutputStream output = new ByteArrayOutputStream(1 << 20);
            AdbOutput bytes = data -> {
                if (data.remaining() > MAX_CAPTURE_BYTES - output.size()) {
                    throw new IOException("the phone wrote more than " + MAX_CAPTURE_BYTES + " bytes");
                }
                output.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
                data.position(data.limit());
                return false;
            };
            transport.run("exec:" + command, bytes, Deadline.after(timeout));
            return output.toByteArray();
        });
    }

    /**
     * Runs a command that must not be executed twice.
     *
     * @throws OutcomeUnknownException if the phone has received it, but not acknowledged it
     * @throws DeviceLostException if the phone is disconnected, has not received it and does not come back
     * @throws DeviceException if the command fails
     */
    void input(String command, Duration timeout) throws DeviceException, InterruptedException {
        ShellResult result = tryInput(command, timeout);
        if (!result.succeeded()) {
            throw new DeviceException(
                    serial + ": '" + withoutText(command) + "' failed: " + explainFailure(result.output()));
        }
    }

    /** As {@link #input}, but a command that fails has a result, too. */
    ShellResult tryInput(String command, Duration timeout) throws DeviceException, InterruptedException {
        try {
            return whenConnected(() -> shell(command, timeout));
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    serial + ": '" + withoutText(command) + "' was sent, but not acknowledged: " + e.getMessage(), e);
        }
    }

    private static String explainFailure(String output) {
        return output.contains("INJECT_EVENTS")
                ? "the phone does not let adb send inputs; enable 'USB debugging (Security settings)' in its developer"
                        + " options, as Xiaomi phones require"
                : output;
    }

    /** Removes the text that a command types, which may be a secret, from messages. */
    private static String withoutText(String command) {
        return TYPED_TEXT.matcher(command).replaceFirst("$1 …");
    }

    private ShellResult shell(String command, Duration timeout) throws IOException, InterruptedException {
        ShellOutput output = new ShellOutput();
        transport.run("shell,v2,raw:" + command, output, Deadline.after(timeout));
        ShellResult result = output.result();
        if (result == null) {
            throw new IOException("the phone was disconnected");
        }
        return result;
    }

    private <T> T repeatable(String command, Request<T> request) throws DeviceException, InterruptedException {
        try {
            return whenConnected(request);
        } catch (DeadlineException e) { // a repetition would double the caller's deadline
            throw failed(command, e);
        } catch (IOException first) {
            try {
                return whenConnected(request);
            } catch (IOException second) {
                second.addSuppressed(first);
                throw failed(command, second);
            }
        }
    }

    private DeviceException failed(String command, IOException cause) {
        return new DeviceException(serial + ": '" + withoutText(command) + "' failed: " + cause.getMessage(), cause);
    }

    /**
     * Executes a request, and repeats it while the phone cannot receive it, until the time for a reconnection is over.
     */
    private <T> T whenConnected(Request<T> request) throws IOException, DeviceLostException, InterruptedException {
        Deadline deadline = Deadline.after(reconnectTimeout);
        Duration wait = FIRST_WAIT;
        while (true) {
            NotSentException cause;
            try {
                return request.execute();
            } catch (NotSentException e) {
                if (deadline.hasPassed()) {
                    throw new DeviceLostException(
                            serial + ": the phone is disconnected"
                                    + (reconnectTimeout.isZero()
                                            ? ": "
                                            : ", and did not come back within " + reconnectTimeout.toSeconds() + " s: ")
                                    + AttachedPhone.explain(e),
                            e);
                }
                cause = e;
            }
            Duration remaining = deadline.remaining();
            Thread.sleep((wait.compareTo(remaining) < 0 ? wait : remaining).toMillis());
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            transport.reconnect(cause, deadline);
        }
    }

    private interface Request<T> {
        T execute() throws IOException, InterruptedException;
    }
}
