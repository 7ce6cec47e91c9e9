package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.Phone;
import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.shell.FileCommands;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.Shell;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A simulated phone with Android's shell. Commands are executed one after another. Thread-safe. */
final class AndroidPhone implements Phone {
    private final Clock clock;
    private final DemoPhone.Delays delays;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Display display;
    private final SimulatedPhone phone;
    private final ScreenCommands screen;
    private final Shell shell;
    private final Faults faults = new Faults();
    private final List<DemoPhone.Command> commands = new ArrayList<>();

    AndroidPhone(DemoPhone.Options options) {
        this.clock = options.clock;
        this.delays = options.delays;
        this.display = new Display(options.width, options.height, options.density, options.foldable);
        this.phone = new SimulatedPhone(clock);
        this.screen = new ScreenCommands(phone, display, files);
        Map<String, Program> programs = new HashMap<>();
        screen.addTo(programs);
        Keyboards keyboards = new Keyboards(options.adbKeyboard);
        new InputCommands(phone, display).addTo(programs);
        new AppCommands(phone, keyboards).addTo(programs);
        new SettingsCommands(options.serial, options.model, display, keyboards).addTo(programs);
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
        Optional<Fault> taken = faults.take(commandLine);
        if (taken.isEmpty()) {
            return answer(run(commandLine, false), delay(commandLine), start);
        }
        Fault fault = taken.get();
        if (fault instanceof Fault.Answer answer) {
            record(commandLine);
            Chunk output = new Chunk(false, answer.output().getBytes(UTF_8));
            Chunk error = new Chunk(true, answer.error().getBytes(UTF_8));
            return answer(new Shell.Result(List.of(output, error), answer.exitCode()), delay(commandLine), start);
        } else if (fault instanceof Fault.TextBefore text) {
            Shell.Result result = run(commandLine, false);
            List<Chunk> chunks = new ArrayList<>();
            chunks.add(new Chunk(false, text.text().getBytes(UTF_8)));
            chunks.addAll(result.chunks());
            return answer(new Shell.Result(chunks, result.exitCode()), delay(commandLine), start);
        } else if (fault instanceof Fault.BlackScreen) {
            return answer(run(commandLine, true), delay(commandLine), start);
        } else if (fault instanceof Fault.Slow slow) {
            return answer(run(commandLine, false), delay(commandLine).plus(slow.delay()), start);
        } else if (fault instanceof Fault.NoAnswer silent) {
            if (silent.executed()) {
                run(commandLine, false);
            }
            throw new NoAnswerException();
        } else if (fault instanceof Fault.Disconnect disconnect) {
            if (disconnect.executed()) {
                run(commandLine, false);
            }
            throw new DisconnectException();
        } else if (fault instanceof Fault.DisconnectWithin within) {
            Shell.Result result = run(commandLine, false);
            return new Answer(result.chunks(), result.exitCode(), within.bytes());
        }
        throw new IllegalStateException("unknown fault: " + fault);
    }

    private synchronized Shell.Result run(String commandLine, boolean black) {
        record(commandLine);
        screen.setBlack(black);
        return shell.execute(commandLine);
    }

    private synchronized void record(String commandLine) {
        commands.add(new DemoPhone.Command(clock.instant(), commandLine));
    }

    private Answer answer(Shell.Result result, Duration delay, long start) throws InterruptedException {
        long left = delay.toNanos() - (System.nanoTime() - start);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        return new Answer(result.chunks(), result.exitCode(), -1);
    }

    private Duration delay(String commandLine) {
        return Stream.of(commandLine.split(";|&&|\\|\\|", -1))
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
