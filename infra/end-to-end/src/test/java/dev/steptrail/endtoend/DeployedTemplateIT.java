package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.api.ApiHandler;
import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Template;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.TemplateReader;
import dev.steptrail.localcloud.template.TemplateYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deployed template, the functions' zip files and the code in them match. */
class DeployedTemplateIT {
    private static final Path FILE = Program.ROOT.resolve("sam-template.yaml");

    /** Variables that Lambda sets: see "Defined runtime environment variables" in its developer guide. */
    private static final Map<String, String> OF_LAMBDA = Map.of(
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_SESSION_TOKEN", "token");

    @TempDir
    private static Path temporary;

    private static Template template;
    private static final Map<Function, URLClassLoader> ZIPS = new LinkedHashMap<>();

    @BeforeAll
    static void readTemplateAndZips() throws IOException {
        Map<String, String> parameters = Map.of(
                "DatabaseUrl", "jdbc:postgresql://db.example.com/steptrail",
                "DatabaseUser", "steptrail",
                "DatabasePasswordParameter", "/steptrail/app/database-password",
                "JwtIssuer", "https://issuer.example.com",
                "JwtAudience", "readers");
        template = TemplateReader.read(
                FILE,
                new DeploymentContext(
                        "app", "eu-west-1", "123", "https://sqs.example.com/123", "https://api", parameters));
        assertThat(template.functions()).hasSize(6);
        Map<String, URLClassLoader> unpacked = new HashMap<>(); // some functions share a zip
        for (Function function : template.functions()) {
            String zip = codeUri(function.id());
            if (!unpacked.containsKey(zip)) {
                unpacked.put(zip, unpacked(function));
            }
            ZIPS.put(function, unpacked.get(zip));
        }
    }

    @AfterAll
    static void closeZips() throws IOException {
        for (URLClassLoader zip : ZIPS.values()) {
            zip.close();
        }
    }

    @Test
    void everyZip_containsItsHandlerWithDependencies_whichStartsWithTheSettingsOfTheTemplate() throws Exception {
        for (Map.Entry<Function, URLClassLoader> entry : ZIPS.entrySet()) {
            Function function = entry.getKey();
            Class<?> handler = entry.getValue().loadClass(function.handler());
            assertThat(handler.getClassLoader()).isSameAs(entry.getValue());
            assertThat(handler.getConstructor().getParameterCount())
                    .isZero(); // Lambda calls the constructor without parameters

            assertThat(handler.getConstructor(Map.class).newInstance(settings(function)))
                    .isNotNull();
            Map<String, String> ofItsOwnDatabase = settings(function);
            ofItsOwnDatabase.put("STEPTRAIL_DATABASE_AUTH", "iam");
            ofItsOwnDatabase.put("STEPTRAIL_DATABASE_USER", "app_login");
            ofItsOwnDatabase.remove("STEPTRAIL_DATABASE_LOGIN_PARAMETER");
            ofItsOwnDatabase.put(
                    "STEPTRAIL_DATABASE_URL",
                    "jdbc:postgresql://db.example.com:5432/steptrail?sslrootcert=/var/task/rds-ca.pem");
            assertThat(handler.getConstructor(Map.class).newInstance(ofItsOwnDatabase))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IngestFunction", "ApiFunction"})
    void zip_ofASnapStartFunction_hasAtMost25Megabytes(String function) throws Exception {
        assertThat(Files.size(Program.ROOT.resolve(codeUri(function)))).isLessThanOrEqualTo(25_000_000L);
    }

    /** The zips contain only some of the classes of the SDK's modules {@code rds} and {@code cloudfront}. */
    @Test
    void everyZip_startsItsHandlersFromTheEnvironment_readsParameters_andSignsTokensAndUrls() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                "target/test-classes",
                ZipProgram.class.getName()));
        Map<URLClassLoader, String> zips = new LinkedHashMap<>();
        ZIPS.forEach((function, zip) -> zips.merge(zip, function.handler(), (some, more) -> some + " " + more));
        zips.forEach((zip, handlers) -> command.add(
                handlers + " " + Stream.of(zip.getURLs()).map(URL::getPath).collect(Collectors.joining(" "))));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        ZIPS.keySet().forEach(function -> builder.environment().putAll(settings(function)));

        Process process = builder.redirectErrorStream(true).start();
        List<String> output = process.inputReader().lines().toList();

        assertThat(process.waitFor()).as(String.join("\n", output)).isZero();
        assertThat(output).hasSize(2 * zips.size()); // without a warning of SLF4J
        for (int i = 0; i < output.size(); i += 2) {
            assertThat(output.get(i))
                    .startsWith("db:5432/?DBUser=steptrail&Action=connect")
                    .contains("X-Amz-Security-Token=token", "eu-west-1%2Frds-db", "X-Amz-Signature=");
            assertThat(output.get(i + 1))
                    .startsWith("https://d1.cloudfront.net/a.webp?Expires=0&Signature=")
                    .endsWith("&Key-Pair-Id=K1");
        }
    }

    @Test
    void everySettingOfTheDatabase_isRequired() throws Exception {
        for (Map.Entry<Function, URLClassLoader> entry : ZIPS.entrySet()) {
            Function function = entry.getKey();
            if (function.id().equals("MigrateFunction")) {
                continue; // reports it to CloudFormation instead
            }
            Constructor<?> constructor =
                    entry.getValue().loadClass(function.handler()).getConstructor(Map.class);
            for (String name : List.of("STEPTRAIL_DATABASE_URL", "STEPTRAIL_DATABASE_LOGIN_PARAMETER")) {
                Map<String, String> settings = settings(function);
                settings.remove(name);
                assertThatThrownBy(() -> constructor.newInstance(settings))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .hasMessageStartingWith(name + ": is not set");
            }
        }
    }

    @Test
    void everyVariableInTheTemplate_occursInTheCodeOfItsZip() throws Exception {
        Map<URLClassLoader, String> codes = new HashMap<>();
        for (Function function : template.functions()) {
            URLClassLoader zip = ZIPS.get(function);
            if (!codes.containsKey(zip)) {
                codes.put(zip, textOfClasses(Program.ROOT.resolve(codeUri(function.id()))));
            }
            String code = codes.get(zip);
            assertThat(function.environment()).isNotEmpty();
            for (String name : function.environment().keySet()) {
                assertThat(code.contains(name))
                        .as(function.id() + " reads " + name)
                        .isTrue();
            }
        }
    }

    /** Returns the bytes of Steptrail's classes in the zip as text. */
    private static String textOfClasses(Path zip) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ZipInputStream jars = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry jar = jars.getNextEntry(); jar != null; jar = jars.getNextEntry()) {
                if (jar.getName().matches("lib/[a-z-]+-[0-9.]+(-SNAPSHOT)?\\.jar")) {
                    ZipInputStream classes = new ZipInputStream(jars); // closed with the zip
                    for (ZipEntry type = classes.getNextEntry(); type != null; type = classes.getNextEntry()) {
                        if (type.getName().startsWith("dev/steptrail/")) {
                            text.append(new String(classes.readAllBytes(), StandardCharsets.ISO_8859_1));
                        }
                    }
                }
            }
        }
        return text.toString();
    }

    @Test
    void templateAndApi_haveTheSameRoutes() {
        Map<String, String> keys = template.routes().stream().collect(Collectors.toMap(Route::key, Route::functionId));
        Function api = template.functions().stream()
                .filter(function -> function.handler().equals(ApiHandler.class.getName()))
                .findFirst()
                .orElseThrow();

        Set<String> expected = new ApiHandler(settings(api)).routeKeys();
        assertThat(keys.keySet()).isEqualTo(expected);
        assertThat(keys.values()).containsOnly(api.id());
    }

    private static Map<String, String> settings(Function function) {
        Map<String, String> settings = new HashMap<>(OF_LAMBDA);
        settings.putAll(function.environment());
        return settings;
    }

    /** Returns a class loader for a function's zip. Its parent provides only Java's classes. */
    private static URLClassLoader unpacked(Function function) throws IOException {
        Path zip = Program.ROOT.resolve(codeUri(function.id()));
        assertThat(zip).exists();
        Path folder = Files.createTempDirectory(temporary, function.id());
        List<URL> jars = new ArrayList<>();
        try (InputStream file = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(file)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().matches("(rds|supabase)-ca.pem|LICENSE|NOTICE")) {
                    Files.copy(entries, folder.resolve(entry.getName()));
                } else if (!entry.isDirectory()) {
                    assertThat(entry.getName()).matches("lib/[^/]+\\.jar");
                    Path jar = folder.resolve(Path.of(entry.getName()).getFileName());
                    Files.copy(entries, jar);
                    jars.add(jar.toUri().toURL());
                }
            }
        }
        // URLs of databases refer to them.
        for (String file : List.of("rds-ca.pem", "supabase-ca.pem")) {
            assertThat(folder.resolve(file))
                    .hasSameBinaryContentAs(Program.ROOT.resolve("functions").resolve(file));
        }
        return new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private static String codeUri(String functionId) throws IOException {
        try (Reader text = Files.newBufferedReader(FILE)) {
            return TemplateYaml.at(TemplateYaml.parse(text), "Resources", functionId, "Properties", "CodeUri")
                    .toString();
        }
    }
}
