package dev.steptrail.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.account.AccountCommands;
import dev.steptrail.cli.account.LoginCommand;
import dev.steptrail.cli.admin.AgentsCommand;
import dev.steptrail.cli.admin.JobsCommand;
import dev.steptrail.cli.admin.PricesCommand;
import dev.steptrail.cli.admin.RejectedCommand;
import dev.steptrail.cli.admin.RestoreCommand;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.GlobalOptions;
import dev.steptrail.cli.doctor.DoctorCommand;
import dev.steptrail.cli.downloads.AttachmentsCommand;
import dev.steptrail.cli.downloads.ScreenshotsCommand;
import dev.steptrail.cli.experiments.ExperimentsCommand;
import dev.steptrail.cli.experiments.GateCommand;
import dev.steptrail.cli.judging.EvaluateCommand;
import dev.steptrail.cli.judging.LabelCommand;
import dev.steptrail.cli.judging.NoteCommand;
import dev.steptrail.cli.judging.TagCommand;
import dev.steptrail.cli.judging.VerdictsCommand;
import dev.steptrail.cli.phone.DevicesCommand;
import dev.steptrail.cli.phone.InputCommands;
import dev.steptrail.cli.phone.RunCommand;
import dev.steptrail.cli.phone.ScreenCommands;
import dev.steptrail.cli.records.ImportCommand;
import dev.steptrail.cli.records.RecordCommand;
import dev.steptrail.cli.reports.InsightsCommand;
import dev.steptrail.cli.reports.ReportCommand;
import dev.steptrail.cli.reports.StatsCommand;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.cli.shipping.ShipCommand;
import dev.steptrail.cli.shipping.StatusCommand;
import dev.steptrail.cli.tasks.ExportCommand;
import dev.steptrail.cli.tasks.ShareCommand;
import dev.steptrail.cli.tasks.StepsCommand;
import dev.steptrail.cli.tasks.TasksCommand;
import dev.steptrail.cli.terminal.Suggestion;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.shipper.SettingsException;
import dev.steptrail.shipper.ShipException;
import dev.steptrail.stepformat.TaskId;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The {@code steptrail} command. Exit codes: 0 success; 1 failure, with a message on standard error; 2 wrong usage; 130
 * stopped by SIGINT; 143 stopped by SIGTERM.
 */
@Command(
        name = "steptrail",
        description = {
            "Ship, read and manage recordings of phone agents.",
            "Settings are environment variables. The local cloud writes them to .steptrail/local.env."
        },
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  steptrail ship --once",
            "  steptrail tasks --status failed",
            OutboxCommand.SHIPPING_ENVIRONMENT + RunCommand.PHONE_VARIABLES + "%n" + ApiCommand.VARIABLES
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Steptrail.Version.class,
        subcommands = {
            ShipCommand.class,
            StatusCommand.class,
            ImportCommand.class,
            RecordCommand.class,
            RunCommand.class,
            DevicesCommand.class,
            ScreenCommands.Capture.class,
            ScreenCommands.Tree.class,
            ScreenCommands.App.class,
            InputCommands.Tap.class,
            InputCommands.Swipe.class,
            InputCommands.Type.class,
            InputCommands.Press.class,
            InputCommands.Launch.class,
            DoctorCommand.class,
            LoginCommand.class,
            AccountCommands.Logout.class,
            AccountCommands.Whoami.class,
            AccountCommands.Token.class,
            TasksCommand.class,
            StepsCommand.class,
            ReportCommand.class,
            InsightsCommand.class,
            StatsCommand.class,
            ExperimentsCommand.class,
            GateCommand.class,
            PricesCommand.class,
            ScreenshotsCommand.class,
            AttachmentsCommand.class,
            ExportCommand.class,
            VerdictsCommand.class,
            EvaluateCommand.class,
            TagCommand.class,
            LabelCommand.class,
            NoteCommand.class,
            ShareCommand.class,
            RejectedCommand.class,
            AgentsCommand.class,
            RestoreCommand.class,
            JobsCommand.class
        })
public final class Steptrail implements GlobalOptions, Runnable {
    /** Matches how picocli names a positional parameter in messages. Group 1 is the parameter's label. */
    private static final String PARAMETER = "positional parameter at index \\S+ \\(([^)]*)\\)";

    private static final String NO_INTEGER = "'%s' is not an integer";

    private static final int MIN_HELP_WIDTH = 60;
    private static final int MAX_HELP_WIDTH = 110;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--utc",
            scope = ScopeType.INHERIT,
            description = "Print times in UTC (default: in the local time zone). JSON is always in UTC.")
    private boolean utc;

    private final Map<String, String> environment;
    private final ZoneId localZone;

    private Steptrail(Map<String, String> environment, ZoneId localZone) {
        this.environment = environment;
        this.localZone = localZone;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public ZoneId zone() {
        return utc ? ZoneOffset.UTC : localZone;
    }

    /** Reads the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Steptrail.class.getPackage().getImplementationVersion();
            return new String[] {"steptrail " + (version == null ? "(development build)" : version)};
        }
    }

    public static void main(String[] arguments) {
        Charset charset = charset();
        // PrintWriter.checkError() detects write errors only if it wraps System.out directly, without a buffer.
        PrintWriter out = new PrintWriter(System.out, true, charset);
        PrintWriter err = new PrintWriter(System.err, true, charset);
        System.exit(run(System.getenv(), out, err, arguments));
    }

    /**
     * Runs a command in this process and waits for it to finish. Several commands may run concurrently; those that ship
     * share the limit of encoder processes. Commands use the standard input, home folder, terminal width and time zone
     * of the process. {@code ship} without {@code --once} runs until the process exits.
     *
     * @param environment the environment variables
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        return run(environment, ZoneId.systemDefault(), out, err, arguments);
    }

    static int run(
            Map<String, String> environment, ZoneId localZone, PrintWriter out, PrintWriter err, String... arguments) {
        return command(environment, localZone).setOut(out).setErr(err).execute(arguments);
    }

    /** Returns the terminal's charset. Replaces ASCII by UTF-8, because Java assumes ASCII if no locale is set. */
    private static Charset charset() {
        String name = System.getProperty(
                "stdout.encoding",
                System.getProperty("sun.stdout.encoding", System.getProperty("native.encoding", "UTF-8")));
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : UTF_8;
        return charset.equals(US_ASCII) ? UTF_8 : charset;
    }

    static CommandLine command(Map<String, String> environment, ZoneId localZone) {
        CommandLine command = new CommandLine(new Steptrail(environment, localZone));
        command.setUsageHelpWidth(Math.max(MIN_HELP_WIDTH, Math.min(Terminal.columns(), MAX_HELP_WIDTH)));
        completeHelp(command.getCommandSpec());
        command.registerConverter(
                ZoneId.class,
                converter(ZoneId::of, "'%s' is not a time zone (expected for example Asia/Shanghai or +08:00)"));
        command.registerConverter(
                Instant.class,
                converter(
                        time -> OffsetDateTime.parse(time).toInstant(),
                        "'%s' is not a time with a zone (expected for example 2026-05-14T09:41:00Z or"
                                + " 2026-05-14T17:41:00+08:00)"));
        command.registerConverter(
                UUID.class,
                converter(
                        id -> TaskId.parse(id).orElseThrow(),
                        "'%s' is not a task id (expected a lowercase UUID, as printed by steptrail tasks)"));
        command.registerConverter(
                LocalDate.class, converter(LocalDate::parse, "'%s' is not a day (expected for example 2026-03-01)"));
        ITypeConverter<Integer> integers = converter(Integer::valueOf, NO_INTEGER);
        command.registerConverter(int.class, integers);
        command.registerConverter(Integer.class, integers);
        command.registerConverter(long.class, converter(Long::valueOf, NO_INTEGER));
        command.registerConverter(BigDecimal.class, converter(BigDecimal::new, "'%s' is not a number"));
        command.setParameterExceptionHandler((e, arguments) -> {
            CommandLine failed = e.getCommandLine();
            String help = failed.getCommandSpec().qualifiedName() + " --help";
            failed.getErr().println(Terminal.printable("steptrail: " + usageProblem(e) + "; see " + help));
            return failed.getCommandSpec().exitCodeOnInvalidInput();
        });
        command.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof ShipException || e instanceof SettingsException || e instanceof IOException) {
                failed.getErr().println(Terminal.printable("steptrail: " + TextFormat.errorMessage(e)));
                return failed.getCommandSpec().exitCodeOnExecutionException();
            }
            throw e;
        });
        return command;
    }

    /** Adds what all help pages have in common: the exit codes 0 to 2 and, if it calls the API, its variables. */
    private static void completeHelp(CommandSpec command) {
        UsageMessageSpec help = command.usageMessage();
        Map<String, String> exitCodes = new TreeMap<>(Comparator.comparing(Integer::valueOf));
        exitCodes.putAll(Map.of("0", "success", "1", "failure, with a message", "2", "wrong usage"));
        exitCodes.putAll(help.exitCodeList());
        help.exitCodeList(exitCodes);
        OptionSpec json = command.findOption("--json");
        if (json != null && json.userObject() instanceof Field field && field.getDeclaringClass() == ApiCommand.class) {
            help.footer(Stream.concat(Stream.of(help.footer()), Stream.of(ApiCommand.ENVIRONMENT))
                    .toArray(String[]::new));
        }
        command.subcommands().values().forEach(subcommand -> completeHelp(subcommand.getCommandSpec()));
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser, String problem) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (DateTimeException | NoSuchElementException | NumberFormatException e) {
                throw new TypeConversionException(problem.formatted(text));
            }
        };
    }

    /** Describes wrong usage. Unmatched arguments come first, because an unknown option may cause further errors. */
    private static String usageProblem(ParameterException e) {
        CommandLine command = e.getCommandLine();
        List<String> unmatched = command.getUnmatchedArguments();
        if (unmatched.isEmpty()) {
            String message = String.valueOf(e.getMessage()).replaceFirst(PARAMETER, "$1");
            boolean startsWithWord = message.length() > 1 && Character.isLowerCase(message.charAt(1));
            return startsWithWord
                    ? message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)
                    : message; // such as STEPTRAIL_API
        }
        String argument = unmatched.get(0);
        CommandSpec spec = command.getCommandSpec();
        if (argument.startsWith("-")) {
            String option = argument.replaceFirst("=.*", "");
            return "unknown option '" + option + "'"
                    + Suggestion.suffixFor(option, spec.optionsMap().keySet());
        }
        return spec.subcommands().isEmpty()
                ? "unexpected argument '" + argument + "'"
                : "unknown command '" + argument + "'"
                        + Suggestion.suffixFor(argument, spec.subcommands().keySet());
    }

    /** Runs if no command is given. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing command (expected one of "
                        + String.join(", ", spec.subcommands().keySet()) + ")");
    }
}
