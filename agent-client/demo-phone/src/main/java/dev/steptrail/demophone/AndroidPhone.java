package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.Phone;
import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.shell.FileCommands;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.Shell;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A simulated phone with Android's shell. Commands are executed one after another. Thread-safe. */
final class AndroidPhone implements Phone {
    private final Clock clock = Clock.system(ZoneId.systemDefault());
    private final DemoPhone.Delays delays;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Display display;
    private final SimulatedPhone phone;
    private final ScreenCommands screen;
    private final Shell shell;
    private final Faults faults = new Faults();
    private final List<DemoPhone.Command> commands = new ArrayList<>();

    AndroidPhone(DemoPhone.Options options) {
        this.delays = options.delays;
        this.display = new Display(options.width, options.height, options.density, options.foldable);
        this.phone = new SimulatedPhone(clock);
        this.screen = new ScreenCommands(phone, display, files);
        Map<String, Program> programs = new HashMap<>();
        screen.addTo(programs);
        Keyboards keyboards = new Keyboards(options.adbKeyboard);
        new InputCommands(phone, display).addTo(programs);
        new AppCommands(phone, keyboards).addTo(programs);
        new SettingsCommands(options.serial, display, keyboards).addTo(programs);
        new FileCommands(files).addTo(programs);
        this.shell = new Shell(programs);
    }

    public Faults faults() {
        return faults;
    }

    public synchronized List<DemoPhone.Command> commands() {
        return List.copyOf(commands);
    }

    public synchronized <T> T read(Function<SimulatedPhone, T> reader) {
        return reader.apply(phone);
    }

    public synchronized void rotate(int quarterTurns) {
        display.rotate(quarterTurns);
    }

    public synchronized void resize(int width, int height) {
        display.resize(width, height);
    }

    public synchronized void setSecureScreen(DemoPhone.SecureScreen secure) {
        screen.setSecure(secure);
    }

    public synchronized void setLocked(boolean locked) {
        phone.setLocked(locked);
    }

    @Override
    public Map<String, byte[]> files() {
        return files;
    }

    @Override
    public Answer execute(String commandLine) throws DisconnectException, NoAnswerException, InterruptedException {
        long start = System.nanoTime();
        Fault fault = faults.take(commandLine).orElse(null);
        List<Chunk> chunks = new ArrayList<>();
        int exitCode = 0;
        if (fault instanceof Fault.TextBefore text) {
            chunks.add(new Chunk(false, text.text().getBytes(UTF_8)));
        }
        if (isExecuted(fault)) {
            Shell.Result result = run(commandLine, fault instanceof Fault.BlackScreen);
            chunks.addAll(result.chunks());
            exitCode = result.exitCode();
        }
        if (fault instanceof Fault.NoAnswer) {
            throw new NoAnswerException();
        } else if (fault instanceof Fault.Disconnect) {
            throw new DisconnectException();
        } else if (fault instanceof Fault.DisconnectWithin within) {
            return new Answer(chunks, exitCode, within.bytes());
        } else if (fault instanceof Fault.Answer answer) {
            record(commandLine);
            chunks.add(new Chunk(false, answer.output().getBytes(UTF_8)));
            chunks.add(new Chunk(true, answer.error().getBytes(UTF_8)));
            exitCode = answer.exitCode();
        }
        Duration delay = delay(commandLine).plus(fault instanceof Fault.Slow slow ? slow.delay() : Duration.ZERO);
        long left = delay.toNanos() - (System.nanoTime() - start);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        return new Answer(chunks, exitCode, -1);
    }

    private static boolean isExecuted(@Nullable Fault fault) {
        return !(fault instanceof Fault.Answer)
                && !(fault instanceof Fault.NoAnswer silent && !silent.executed())
                && !(fault instanceof Fault.Disconnect disconnect && !disconnect.executed());
    }

    private synchronized Shell.Result run(String commandLine, boolean black) {
        record(commandLine);
        screen.setBlack(black);
        return shell.execute(commandLine);
    }

    private synchronized void record(String commandLine) {
        commands.add(new DemoPhone.Command(clock.instant(), commandLine));
    }

    private Duration delay(String commandLine) {
        return Stream.of(commandLine.split(";", -1))
                .map(command -> delay(command.strip().split("\\s+", -1)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private Duration delay(String[] words) {
        return switch (words[0]) {
            case "screencap" -> delays.screenshot();
            case "uiautomator" -> delays.tree();
            case "am", "monkey" -> delays.input();
            case "input" -> delays.input().plus(delays.gestures() ? InputCommands.duration(words) : Duration.ZERO);
            default -> Duration.ZERO;
        };
    }
}
