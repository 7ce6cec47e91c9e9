package dev.steptrail.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.LocalS3;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive with a Java runtime, run without any other dependency. */
@Tag("nightly")
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "the archive with a runtime is built on linux-x64 only")
class DistributionIT {
    private static final String PASSWORD = "password";

    /** A Markdown link to a file, without its anchor. Excludes links within the page and links with a scheme. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?![a-z]+:)([^)#]+)(#[^)]*)?\\)");

    @TempDir
    private static Path unpacked;

    private static Path home;

    @TempDir
    private Path folder;

    private record Run(int exitCode, String out, String err) {}

    @BeforeAll
    static void unpack() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            archive = files.filter(file -> file.toString().endsWith("-linux-x64.zip"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("mvn verify builds the archive before this test"));
        }
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("enablePosixFileAttributes", true));
                Stream<Path> entries = Files.walk(zip.getPath("/"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = unpacked.resolve(entry.toString().substring(1));
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(entry));
                }
            }
        }
        home = unpacked.resolve(archive.getFileName().toString().replace("-linux-x64.zip", ""));
    }

    @Test
    void archive_containsOneFolder_withLicenseAndReadme() throws Exception {
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "bin", "lib", "runtime", "cli", "shipper", "step-format", "LICENSE", "NOTICE", "README.md");
        }
    }

    @Test
    void relativeLinks_pointToFilesInArchive() throws Exception {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(home)) {
            pages = files.filter(file -> file.toString().endsWith(".md") && !file.startsWith(home.resolve("runtime")))
                    .toList();
        }
        assertThat(pages).hasSize(4);
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                Path target = page.resolveSibling(links.group(1)).normalize();
                if (!target.startsWith(home) || !Files.isRegularFile(target)) {
                    broken.add(home.relativize(page) + ": " + links.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void ship_withBundledRuntimeAndEmptyEnvironment_storesScreenshotOverTls() throws Exception {
        LocalAws aws = new LocalAws();
        Path keys = folder.resolve("server.p12");
        Path trusted = folder.resolve("trusted.p12");
        makeCertificate(keys, trusted);
        S3Proxy s3 = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(
                        Files.createDirectory(folder.resolve("objects")).toString()))
                .secureEndpoint(URI.create("https://127.0.0.1:0"))
                .keyStore(keys.toString(), PASSWORD)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, LocalS3.ACCESS_KEY, LocalS3.SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .build();
        s3.start();
        try {
            String bucket = aws.environment().get("STEPTRAIL_BUCKET");
            Files.createDirectory(folder.resolve("objects").resolve(bucket));
            Path outbox = folder.resolve("outbox");
            TaskRecords task = TaskRecords.newTask();
            try (TaskWriter writer = Outbox.open(outbox).newTask(task.task())) {
                writer.append(task.started());
                writer.append(
                        task.step(1, "look", writer.writeFrame(1, FrameRole.BEFORE, Screens.drawn(1), false, null)));
                writer.append(task.ended());
            }
            List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "JAVA_HOME=/nonexistent"));
            aws.environment("AWS_ENDPOINT_URL_S3", "https://127.0.0.1:" + s3.getSecurePort())
                    .forEach((name, value) -> command.add(name + "=" + value));
            command.add("STEPTRAIL_JAVA_OPTIONS=-XshowSettings:properties -Djavax.net.ssl.trustStore=" + trusted
                    + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD);
            command.addAll(
                    List.of(home.resolve("bin/steptrail").toString(), "ship", "--once", "--outbox", outbox.toString()));

            Run run = run(command.toArray(String[]::new));

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).contains("java.home = " + home.resolve("runtime"));
            assertThat(run.out()).startsWith("shipped 3 records and 1 screenshot; 1 task completed");
            Step step = (Step) aws.records().get(1);
            Path object = folder.resolve("objects")
                    .resolve(bucket)
                    .resolve(step.screenshots().get(0).screenshotPath());
            assertThat(Files.readString(object, ISO_8859_1)).startsWith("RIFF");
        } finally {
            s3.stop();
        }
    }

    /** Requires the modules of the callback server, and the libraries for OpenID Connect. */
    @Test
    void login_withBundledRuntime_waitsForTheBrowser() throws Exception {
        try (ScriptedApi api = new ScriptedApi()) {
            api.on(
                    "GET /api/sign-in",
                    ScriptedApi.Response.json(
                            200, "{\"issuer\":\"" + api.address() + "\",\"client_id\":\"steptrail\"}"));
            api.on("GET /.well-known/openid-configuration", ScriptedApi.Response.json(200, """
                            {"issuer":"ISSUER", "authorization_endpoint":"ISSUER/authorize",
                             "token_endpoint":"ISSUER/token", "jwks_uri":"ISSUER/keys",
                             "response_types_supported":["code"], "subject_types_supported":["public"],
                             "id_token_signing_alg_values_supported":["RS256"]}""".replace(
                            "ISSUER", api.address())));

            Run run = run(
                    "/usr/bin/env",
                    "-i",
                    "JAVA_HOME=/nonexistent",
                    "STEPTRAIL_API=" + api.address(),
                    "XDG_CONFIG_HOME=" + folder,
                    home.resolve("bin/steptrail").toString(),
                    "login",
                    "--timeout",
                    "1");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains(api.address() + "/authorize?", "steptrail: no one signed in within 1 seconds");
        }
    }

    /** Creates a self-signed certificate of the server, and a trust store that contains only this certificate. */
    private static void makeCertificate(Path keys, Path trusted) throws Exception {
        Run made = run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "s3",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.toString());
        assertThat(made.exitCode()).as(made.out() + made.err()).isZero();
        KeyStore server = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("s3", server.getCertificate("s3"));
        try (OutputStream file = Files.newOutputStream(trusted)) {
            trust.store(file, PASSWORD.toCharArray());
        }
    }

    private static Run run(String... command) throws Exception {
        Path errors = Files.createTempFile("steptrail", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String out;
            try (InputStream in = process.getInputStream()) {
                out = new String(in.readAllBytes(), UTF_8);
            }
            return new Run(process.waitFor(), out, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }
}
