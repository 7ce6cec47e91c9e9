package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.BucketUrls;
import dev.steptrail.aws.QueueSender;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Each function's role allows exactly the actions that its code calls. */
class CallsTest {
    /** See "Actions, resources, and condition keys for Amazon S3" in the Service Authorization Reference. */
    private static final Map<String, Set<String>> ACTIONS = Map.of(
            "getObject", Set.of("s3:GetObject"),
            "putObject", Set.of("s3:PutObject"),
            "deleteObject", Set.of("s3:DeleteObject"),
            "deleteObjects", Set.of("s3:DeleteObject"),
            "listObjectsV2Paginator", Set.of("s3:ListBucket"),
            "createMultipartUpload", Set.of("s3:PutObject"),
            "uploadPart", Set.of("s3:PutObject"),
            "completeMultipartUpload", Set.of("s3:PutObject"),
            "abortMultipartUpload", Set.of("s3:AbortMultipartUpload"),
            "headObject", Set.of("s3:GetObject"));

    /** The required actions. Without s3:ListBucket, S3 returns 403 instead of 404 for missing objects. */
    private static final Map<String, Set<String>> CLIENT_CLASSES = Map.of(
            BucketReader.class.getName(), Set.of("s3:GetObject", "s3:ListBucket"),
            BucketUrls.class.getName(), Set.of("s3:GetObject"),
            QueueSender.class.getName(), Set.of("sqs:SendMessage"));

    private static final String BUCKET = "!Sub arn:${AWS::Partition}:s3:::${BucketName.Value}";

    /** Actions that Lambda performs with a function's role: polling and logging. */
    private static final Set<String> LAMBDA_ACTIONS = Set.of(
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes");

    /** Actions of a function's database login. */
    private static final Set<String> LOGIN_ACTIONS = Set.of("rds-db:connect", "ssm:GetParameter");

    @ParameterizedTest
    @CsvSource({
        "IngestRole, dev.steptrail.ingest",
        "ApiRole, dev.steptrail.api",
        "ExportRole, dev.steptrail.export",
        "MaintenanceRole, dev.steptrail.operations"
    })
    void role_allowsExactlyWhatTheCodeCalls(String role, String packageName) throws IOException {
        Set<String> allowed = new TreeSet<>();
        TemplateTree.list(TemplateTree.of(TemplateTree.MAIN).at(role, "Properties", "Policies"))
                .forEach(policy -> TemplateTree.statements(TemplateTree.at(policy, "PolicyDocument"))
                        .flatMap(statement -> TemplateTree.list(statement.get("Action")).stream())
                        .map(String::valueOf)
                        .forEach(allowed::add));
        assertThat(allowed).contains("logs:PutLogEvents");
        allowed.removeAll(LAMBDA_ACTIONS);
        assertThat(allowed).containsAll(LOGIN_ACTIONS);
        allowed.removeAll(LOGIN_ACTIONS);

        assertThat(allowed).isEqualTo(called(packageName));
    }

    @Test
    void eachRole_mayReadAndWriteOnlyWhatItNeeds() throws IOException {
        assertThat(dataPermissions("IngestRole")).isEmpty();
        assertThat(dataPermissions("ApiRole"))
                .containsExactly(
                        "s3:GetObject " + BUCKET + "/screenshots/*",
                        "s3:GetObject " + BUCKET + "/attachments/*",
                        "s3:ListBucket " + BUCKET,
                        "s3:GetObject " + BUCKET + "/exports/*",
                        "sqs:SendMessage !GetAtt ExportsQueue.Arn",
                        "sqs:SendMessage !GetAtt JobsQueue.Arn");
        assertThat(dataPermissions("ExportRole"))
                .containsExactly(
                        "s3:GetObject " + BUCKET + "/screenshots/*",
                        "s3:GetObject " + BUCKET + "/attachments/*",
                        "s3:GetObject " + BUCKET + "/exports/*",
                        "s3:PutObject " + BUCKET + "/exports/*",
                        "s3:AbortMultipartUpload " + BUCKET + "/exports/*",
                        "s3:DeleteObject " + BUCKET + "/exports/*",
                        "s3:ListBucket " + BUCKET);
        assertThat(dataPermissions("JobsRole"))
                .containsExactly(
                        "s3:GetObject " + BUCKET + "/archive/*", // to restore a task
                        "s3:ListBucket " + BUCKET);
        assertThat(dataPermissions("MigrateRole")).isEmpty();
        assertThat(dataPermissions("SignInClientRole")).isEmpty();
        assertThat(dataPermissions("MaintenanceRole"))
                .containsExactly(
                        "s3:PutObject " + BUCKET + "/archive/*",
                        "s3:GetObject " + BUCKET + "/archive/*",
                        "s3:ListBucket " + BUCKET,
                        "s3:DeleteObject " + BUCKET + "/screenshots/*",
                        "s3:DeleteObject " + BUCKET + "/attachments/*",
                        "s3:DeleteObject " + BUCKET + "/archive/*",
                        "s3:DeleteObject " + BUCKET + "/exports/*");
    }

    @Test
    void agentsMachine_mayOnlyStoreUnderItsSenderId_andSend() throws IOException {
        List<String> allowed = TemplateTree.statements(
                        TemplateTree.of(TemplateTree.MAIN).at("AgentPolicy", "Properties", "PolicyDocument"))
                .flatMap(CallsTest::lines)
                .toList();

        assertThat(allowed)
                .containsExactly(
                        "s3:PutObject " + BUCKET + "/screenshots/${!aws:userid}/*",
                        "s3:PutObject " + BUCKET + "/attachments/${!aws:userid}/*",
                        "sqs:SendMessage !GetAtt StepsQueue.Arn",
                        "kms:GenerateDataKey !GetAtt KeyArn.Value",
                        "kms:Decrypt !GetAtt KeyArn.Value");
        assertThat(TemplateTree.statements(
                        TemplateTree.of(TemplateTree.MAIN).at("AgentPolicy", "Properties", "PolicyDocument")))
                .filteredOn(statement -> statement.get("Action").toString().contains("kms:"))
                .allSatisfy(statement -> assertThat(TemplateTree.list(
                                TemplateTree.at(statement, "Condition", "StringEquals", "kms:ViaService")))
                        .as("only through S3 and SQS")
                        .hasSize(2));
    }

    /** Returns the role's permissions for S3 objects and sending, each as an action and a resource. */
    private static List<String> dataPermissions(String role) throws IOException {
        return permissions(role).stream()
                .filter(line -> line.startsWith("s3:") || line.startsWith("sqs:SendMessage"))
                .toList();
    }

    private static List<String> permissions(String role) throws IOException {
        List<String> lines =
                TemplateTree.list(TemplateTree.of(TemplateTree.MAIN).at(role, "Properties", "Policies")).stream()
                        .flatMap(policy -> TemplateTree.statements(TemplateTree.at(policy, "PolicyDocument")))
                        .flatMap(CallsTest::lines)
                        .toList();
        assertThat(lines).as(role).isNotEmpty();
        return lines;
    }

    private static Stream<String> lines(Map<String, Object> statement) {
        assertThat(statement).containsEntry("Effect", "Allow");
        return TemplateTree.list(statement.get("Action")).stream()
                .flatMap(action ->
                        TemplateTree.list(statement.get("Resource")).stream().map(resource -> action + " " + resource));
    }

    private static Set<String> called(String packageName) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(packageName);
        Set<String> called = classes.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .flatMap(CallsTest::actions)
                .collect(Collectors.toCollection(TreeSet::new));
        if (called.contains("s3:GetObject")) {
            called.add("s3:ListBucket");
        }
        if (called.contains("s3:PutObject") || called.contains("sqs:SendMessage")) {
            called.add("kms:GenerateDataKey"); // the role also encrypts what it stores or sends
        }
        return called;
    }

    private static Stream<String> actions(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        if (owner.equals(S3Client.class.getName())) {
            String name = call.getName();
            if (name.equals("builder") || name.equals("close")) {
                return Stream.of();
            }
            assertThat(ACTIONS).as(call.getDescription()).containsKey(name);
            return ACTIONS.get(name).stream();
        }
        return CLIENT_CLASSES.getOrDefault(owner, Set.of()).stream();
    }
}
