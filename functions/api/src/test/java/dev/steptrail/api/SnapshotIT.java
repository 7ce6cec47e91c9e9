package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.crac.Core;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the hooks that Lambda calls before a snapshot and after a restore. */
@Tag("slow")
class SnapshotIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Pattern DAILY_INPUT =
            Pattern.compile("\\n  ApiFunction:(?:\\n+ {4}.*)*?\\n {8}Daily:.*(?:\\n+ {10}.*)*?\\n {12}Input: '(.*)'");

    @Test
    void beforeCheckpoint_readsATaskAndLeavesNoRow_andEachRestoredProcessAnswers() throws Exception {
        ApiHandler one = new ApiHandler(settings());
        ApiHandler other = new ApiHandler(settings());

        for (ApiHandler handler : List.of(one, other)) {
            handler.beforeCheckpoint(Core.getGlobalContext());
        }

        assertThat(DATABASE.column("SELECT (SELECT count(*) FROM audit_log) + (SELECT count(*) FROM tasks)"))
                .containsExactly("0");
        awaitRolledBackReads(6); // of steps, report and screenshots by both, at least once
        for (ApiHandler handler : List.of(one, other)) {
            handler.afterRestore(Core.getGlobalContext());
            assertThat(new Api(handler, Map.of("sub", "ann"))
                            .get("GET /api/tasks", null, "")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void hooks_whileTheDatabaseIsDown_return_andTheFirstRequestIsAnswered503() {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");
        ApiHandler handler = new ApiHandler(settings);

        handler.beforeCheckpoint(Core.getGlobalContext());
        handler.afterRestore(Core.getGlobalContext());

        assertThat(new Api(handler, Map.of("sub", "ann"))
                        .get("GET /api/tasks", null, "")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void beforeCheckpoint_whenUrlsCannotBeSigned_returns() throws Exception {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_CDN_ORIGIN", "https://d1.cloudfront.net");
        settings.put("STEPTRAIL_CDN_KEY_ID", "K1");
        settings.put("STEPTRAIL_CDN_PRIVATE_KEY", Base64.getEncoder().encodeToString(damagedKey()));
        ApiHandler handler = new ApiHandler(settings);

        handler.beforeCheckpoint(Core.getGlobalContext());

        assertThat(new Api(handler, Map.of("sub", "ann"))
                        .get("GET /api/tasks", null, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void eventOfTheDailySchedule_isAnswered200() throws Exception {
        Matcher input = DAILY_INPUT.matcher(Files.readString(Path.of("../../sam-template.yaml")));
        assertThat(input.find()).isTrue();
        APIGatewayV2HTTPEvent event = LambdaEventSerializers.serializerFor(
                        APIGatewayV2HTTPEvent.class, SnapshotIT.class.getClassLoader())
                .fromJson(input.group(1));

        assertThat(new ApiHandler(settings())
                        .handleRequest(event, new TestContext())
                        .getStatusCode())
                .isEqualTo(200);
    }

    /** Returns a key that can be parsed, but with which the JDK fails to sign. */
    private static byte[] damagedKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        key.getModulus(),
                        key.getPublicExponent(),
                        key.getPrivateExponent(),
                        key.getPrimeP(),
                        key.getPrimeQ(),
                        key.getPrimeExponentP().add(BigInteger.TWO),
                        key.getPrimeExponentQ(),
                        key.getCrtCoefficient()))
                .getEncoded();
    }

    /** PostgreSQL updates the statistics after a session ends. They include rows that were rolled back. */
    private static void awaitRolledBackReads(int count) throws InterruptedException {
        String query = "SELECT sum(n_tup_ins) FROM pg_stat_user_tables WHERE relname LIKE 'audit_log%'";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Integer.parseInt(DATABASE.column(query).get(0)) < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(Integer.parseInt(DATABASE.column(query).get(0))).isGreaterThanOrEqualTo(count);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(DATABASE.settings());
        settings.putAll(TestBucket.empty().settings());
        settings.put("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo");
        settings.put("STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo");
        settings.put("STEPTRAIL_ISSUER", "https://issuer.example.com");
        settings.put("STEPTRAIL_CLIENT_ID", "client");
        return settings;
    }
}
