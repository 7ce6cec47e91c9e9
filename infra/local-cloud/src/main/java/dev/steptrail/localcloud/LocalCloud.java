package dev.steptrail.localcloud;

import dev.steptrail.aws.Settings;
import dev.steptrail.localcloud.demo.Demo;
import dev.steptrail.localcloud.template.TemplateException;
import dev.steptrail.localcloud.template.TemplateReader;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code up}, which runs a local cloud or prints a token. */
@Command(
        name = "up",
        description = "Runs Steptrail's cloud side on this machine until it is stopped.",
        usageHelpAutoWidth = true,
        sortOptions = false)
public final class LocalCloud implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    /** The file with the environment variables for clients. Each start overwrites it. */
    private static final String ENVIRONMENT_FILE = "local.env";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".steptrail",
            description = "Folder for all data, created if missing (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".steptrail");

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the API; 0 selects a free port (default: the port of the last start).")
    private @Nullable Integer port;

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description = "Value of a template parameter, such as UrlLifetime=PT1M.")
    private Map<String, String> parameters = Map.of();

    @Option(names = "--template", paramLabel = "FILE", defaultValue = "sam-template.yaml", hidden = true)
    private Path template = Path.of("sam-template.yaml");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @ArgGroup(exclusive = false)
    private @Nullable DemoOptions demoOptions;

    private static final class DemoOptions {
        @Option(
                names = "--demo",
                required = true,
                description = "Record a scripted task of an agent, ship it and read it back.")
        @SuppressWarnings("UnusedVariable") // picocli sets it whenever it creates the group
        private boolean demo;

        @Option(names = "--exit", description = "With --demo: exit after the demo.")
        private boolean exit;
    }

    @ArgGroup(exclusive = false)
    private @Nullable TokenOptions tokenOptions;

    private static final class TokenOptions {
        @Option(
                names = "--token",
                paramLabel = "USER",
                required = true,
                description = "Print a token for this user, valid for 24 hours, and exit.")
        private String user = "";

        @Option(names = "--admin", description = "With --token: the user is an admin.")
        private boolean admin;
    }

    @Spec
    private @Nullable CommandSpec spec;

    /** Exits with status 0, 1 after a failure, or 2 if the command line is invalid. Prints errors to standard error. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LocalCloud())
                .setParameterExceptionHandler((error, command) -> {
                    error.getCommandLine().getErr().println("up: " + error.getMessage() + "; see up --help");
                    return 2;
                })
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    if (error instanceof SetupException
                            || error instanceof TemplateException
                            || error instanceof IOException) {
                        command.getErr().println("up: " + error.getMessage());
                    } else {
                        error.printStackTrace(command.getErr());
                    }
                    return 1;
                });
    }

    @Override
    public Integer call() throws Exception {
        checkUsage();
        try (DataFolder folder = new DataFolder(data)) {
            if (tokenOptions == null) {
                folder.lock();
                run(folder);
            } else {
                System.out.println(LocalSettings.load(folder).token(tokenOptions.user, tokenOptions.admin));
            }
        }
        return 0;
    }

    /** Checks values that picocli does not check. */
    private void checkUsage() throws IOException {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw usageError("--port " + port + ": must be 0 to " + MAX_PORT);
        }
        if (tokenOptions != null && tokenOptions.user.isBlank()) {
            throw usageError("--token: the user name must not be blank");
        }
        Set<String> names = TemplateReader.parameters(template);
        for (String name : parameters.keySet()) {
            if (!names.contains(name)) {
                throw usageError(
                        "--parameter: the template has no parameter " + name + "; it has " + String.join(", ", names));
            }
        }
    }

    private ParameterException usageError(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private void run(DataFolder folder) throws Exception {
        boolean isFirstStart = !folder.contains(ENVIRONMENT_FILE);
        try (LocalDeployment deployment = new LocalDeployment(LocalSettings.prepare(folder, port))) {
            Runtime.getRuntime().addShutdownHook(new Thread(deployment::close, "stop"));
            Map<String, String> environment = deployment.start(template, parameters, settings -> {
                if (isFirstStart) { // later starts must keep the changes that an admin made
                    registerSender(settings);
                }
            });
            folder.write(ENVIRONMENT_FILE, shellLines(environment));
            System.out.println("ready " + environment.get("STEPTRAIL_API"));
            System.out.println("viewer " + environment.get("STEPTRAIL_API") + "/");
            if (demoOptions != null) {
                new Demo(environment, folder.folder("outbox"), System.out).run();
            }
            if (demoOptions == null || !demoOptions.exit) {
                new CountDownLatch(1).await(); // block until a signal ends the process
            }
        }
    }

    /** Formats variables as {@code KEY='value'} lines for a shell. */
    private static String shellLines(Map<String, String> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "='" + entry.getValue().replace("'", "'\\''") + "'\n")
                        .collect(Collectors.joining());
    }

    /** Registers this machine's sender for the user of the token in local.env. */
    private static void registerSender(Map<String, String> settings) {
        try (Database database = new Database(new Settings(settings))) {
            new AgentRepository(database).register(new Agent(LocalDeployment.SENDER, LocalDeployment.OWNER, List.of()));
        }
    }
}
