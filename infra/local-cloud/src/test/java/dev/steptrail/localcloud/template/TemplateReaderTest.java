package dev.steptrail.localcloud.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.localcloud.template.Template.Bucket;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import dev.steptrail.localcloud.template.Template.Queue;
import dev.steptrail.localcloud.template.Template.Queue.Redrive;
import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateReaderTest {
    private static final Map<String, String> PARAMETERS = Map.of(
            "DatabaseUrl", "jdbc:postgresql://db/x",
            "DatabaseUser", "user",
            "DatabasePasswordParameter", "/steptrail/app/database-password",
            "JwtIssuer", "https://issuer",
            "JwtAudience", "readers");

    private static final String SCHEDULED = """
            Resources:
              Worker:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.B
                  Events: {Often: {Type: Schedule, Properties: {Schedule: '%s'}}}
            """;

    @Test
    void deployedTemplate_isSupported() throws Exception {
        Template template = TemplateReader.read(Path.of("../../sam-template.yaml"), site(PARAMETERS));

        String arn = "arn:aws:sqs:eu-west-1:123:app-";
        assertThat(template.queues())
                .containsExactly(
                        new Queue(
                                "app-StepsQueue",
                                arn + "StepsQueue",
                                Duration.ofMinutes(6),
                                new Redrive(arn + "StepsDeadLetterQueue", 250)),
                        new Queue(
                                "app-StepsDeadLetterQueue", arn + "StepsDeadLetterQueue", Duration.ofSeconds(30), null),
                        new Queue(
                                "app-ExportsQueue.fifo",
                                arn + "ExportsQueue.fifo",
                                Duration.ofMinutes(16),
                                new Redrive(arn + "ExportsDeadLetterQueue.fifo", 3)),
                        new Queue(
                                "app-ExportsDeadLetterQueue.fifo",
                                arn + "ExportsDeadLetterQueue.fifo",
                                Duration.ofSeconds(30),
                                null),
                        new Queue(
                                "app-JobsQueue.fifo",
                                arn + "JobsQueue.fifo",
                                Duration.ofMinutes(16),
                                new Redrive(arn + "JobsDeadLetterQueue.fifo", 3)),
                        new Queue(
                                "app-JobsDeadLetterQueue.fifo",
                                arn + "JobsDeadLetterQueue.fifo",
                                Duration.ofSeconds(30),
                                null));
        assertThat(template.buckets())
                .containsExactly(new Bucket(
                        "app-bucket",
                        new Bucket.Cors(
                                List.of("https://*.execute-api.eu-west-1.amazonaws.com"),
                                List.of("GET", "HEAD"),
                                List.of(),
                                List.of("Content-Length", "ETag"))));
        Function ingest = function(template, "IngestFunction");
        assertThat(ingest.queueEvents())
                .containsExactly(new QueueEvent(arn + "StepsQueue", 100, Duration.ofSeconds(1), true));
        assertThat(ingest.timeout().multipliedBy(6))
                .isLessThanOrEqualTo(template.queues().get(0).visibilityTimeout());
        assertThat(ingest.environment())
                .containsEntry("STEPTRAIL_STACK", "app")
                .containsEntry("STEPTRAIL_DATABASE_AUTH", "parameter")
                .containsEntry("STEPTRAIL_DATABASE_LOGIN_PARAMETER", "/steptrail/app/database/ingest")
                .doesNotContainKeys("STEPTRAIL_BUCKET", "STEPTRAIL_DATABASE_USER", "STEPTRAIL_DATABASE_PASSWORD");
        assertThat(template.customResources())
                .containsExactly(new CustomResource(
                        "Schema", function(template, "MigrateFunction").aliasArn()));
        assertThat(function(template, "MigrateFunction").environment())
                .containsEntry("STEPTRAIL_DATABASE_USER", "user")
                .containsEntry("STEPTRAIL_DATABASE_PASSWORD_PARAMETER", "/steptrail/app/database-password")
                .containsEntry("STEPTRAIL_LOGIN_PARAMETERS", "/steptrail/app/database/");
        assertThat(template.functions()).extracting(Function::id).doesNotContain("SignInClientFunction");
        assertThat(function(template, "MaintenanceFunction").scheduledEvents())
                .containsExactly(new ScheduledEvent(Duration.ofHours(1), "{}"));
        assertThat(function(template, "ApiFunction").scheduledEvents())
                .containsExactly(new ScheduledEvent(Duration.ofDays(1), "{\"routeKey\": \"GET /signed-in\"}"));
        assertThat(function(template, "ApiFunction").environment())
                .containsEntry("STEPTRAIL_BUCKET", "app-bucket")
                .containsEntry("STEPTRAIL_URL_LIFETIME", "PT5M")
                .containsEntry("STEPTRAIL_ISSUER", "https://issuer")
                .containsEntry("STEPTRAIL_CLIENT_ID", "readers")
                .containsEntry("STEPTRAIL_SIGN_IN_ORIGIN", "")
                .containsEntry("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://db/x");
        JwtAuthorizer jwt = new JwtAuthorizer("https://issuer", Set.of("readers"));
        assertThat(template.routes())
                .contains(
                        new Route("GET", "/api/tasks/{task_id}", "ApiFunction", jwt),
                        new Route("GET", "/", "ApiFunction", null),
                        new Route("GET", "/static/{hash}/{file+}", "ApiFunction", null),
                        new Route("GET", "/health", "ApiFunction", null),
                        new Route("ANY", "$default", "ApiFunction", null));
        assertThat(template.outputs())
                .containsEntry("ApiUrl", "http://api")
                .containsEntry("QueueUrl", "http://sqs/123/app-StepsQueue")
                .containsEntry("BucketName", "app-bucket");
    }

    @Test
    void issuer_mustHaveTls_exceptOnThisMachine() throws Exception {
        Map<String, String> parameters = new HashMap<>(PARAMETERS);
        for (String local : List.of("http://127.0.0.1:8080/oidc", "http://localhost:8080", "http://localhost")) {
            parameters.put("JwtIssuer", local);

            Template template = TemplateReader.read(Path.of("../../sam-template.yaml"), site(parameters));

            assertThat(function(template, "ApiFunction").environment()).containsEntry("STEPTRAIL_ISSUER", local);
        }
        for (String wrong :
                List.of("http://issuer.example.com", "http://localhost.example.com", "http://127.0.0.1.nip.io")) {
            parameters.put("JwtIssuer", wrong);
            assertThatThrownBy(() -> TemplateReader.read(Path.of("../../sam-template.yaml"), site(parameters)))
                    .hasMessageContaining("JwtIssuer: must match");
        }
    }

    @Test
    void adoptedBucket_isUsedEverywhere() throws Exception {
        Map<String, String> parameters = new HashMap<>(PARAMETERS);
        parameters.put("ExistingBucket", "old");

        Template template = TemplateReader.read(Path.of("../../sam-template.yaml"), site(parameters));

        assertThat(template.buckets()).isEmpty();
        assertThat(template.outputs()).containsEntry("BucketName", "old");
        assertThat(function(template, "ApiFunction").environment()).containsEntry("STEPTRAIL_BUCKET", "old");
    }

    @Test
    void deployedTemplate_acceptsTheViewersClientAndOrigins() throws Exception {
        Map<String, String> parameters = new HashMap<>(PARAMETERS);
        parameters.put("ClientId", "web");
        parameters.put("SignInOrigin", "https://trail.auth.eu-west-1.amazoncognito.com");
        parameters.put("ViewerOrigin", "https://trail.example.com");

        Template template = TemplateReader.read(Path.of("../../sam-template.yaml"), site(parameters));

        assertThat(function(template, "ApiFunction").environment())
                .containsEntry("STEPTRAIL_CLIENT_ID", "web")
                .containsEntry("STEPTRAIL_SIGN_IN_ORIGIN", "https://trail.auth.eu-west-1.amazoncognito.com");
        assertThat(template.buckets().get(0).cors().origins()).containsExactly("https://trail.example.com");
        for (String wrong : List.of("trail.example.com", "https://a.example.com/", "https://a https://b", "*")) {
            parameters.put("ViewerOrigin", wrong);
            assertThatThrownBy(() -> TemplateReader.read(Path.of("../../sam-template.yaml"), site(parameters)))
                    .hasMessageContaining("ViewerOrigin: must match");
        }
    }

    @Test
    void bucketWithTwoCorsRules_isRejected() {
        assertFails(
                "Resources: {Box: {Type: AWS::S3::Bucket, Properties: {CorsConfiguration: {CorsRules: [{AllowedMethods:"
                        + " [GET], AllowedOrigins: ['*']}, {AllowedMethods: [PUT], AllowedOrigins: ['*']}]}}}}",
                "Box.CorsConfiguration: the local cloud supports only one CORS rule per bucket");
    }

    @Test
    void parameterThatViolatesItsConstraint_isRejected_asInCloudFormation() {
        assertFails(
                "Parameters: {Life: {Type: String, AllowedPattern: ^PT.+, Default: abc}}", "Life: must match ^PT.+");
        assertFails(
                "Parameters: {Key: {Type: String, MinLength: 1, Default: ''}}", "Key: must have at least 1 characters");
        assertFails("Parameters: {Size: {Type: Number, MaxValue: 3, Default: 4}}", "Size: must be at most 3");
        assertFails("Parameters: {Size: {Type: Number, MinValue: 1, Default: 0.5}}", "Size: must be at least 1");
        assertFails("Parameters: {Size: {Type: Number, MinValue: 1, Default: much}}", "Size: must be a number");
        assertFails(
                "Parameters: {Mode: {Type: String, AllowedValues: [a, b], Default: c}}", "Mode: must be one of [a, b]");
    }

    @Test
    void parameterWithoutAValue_isReported() {
        assertFails("Parameters: {Size: {Type: Number}}", "Size: the parameter has no default");
    }

    @Test
    void unknownType_isReportedWithTheResource() {
        assertFails(
                "Resources: {Table: {Type: AWS::DynamoDB::Table}}", "Table: the local cloud does not support the type");
    }

    @Test
    void unknownFunction_isReportedWithItsPath() {
        assertFails(
                "Outputs: {QueueUrl: {Value: !Select [0, !GetAZs '']}}",
                "Outputs.QueueUrl: the local cloud does not support the function Fn::Select");
    }

    @Test
    void unknownReference_isReportedWithItsPath() {
        assertFails(
                "Resources: {Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: !Ref Seconds}}}",
                "Jobs.VisibilityTimeout: the local cloud has no value for Seconds");
    }

    @Test
    void duplicateKey_isRejected() {
        assertFails("Resources: {}\nResources: {}", "the template has a duplicate key");
    }

    @ParameterizedTest
    @CsvSource({"rate(1 hour), PT1H", "rate(5 minutes), PT5M", "rate(11 days), PT264H"})
    void rate_isThePeriodOfASchedule(String expression, Duration period) {
        assertThat(function(read(SCHEDULED.formatted(expression)), "Worker").scheduledEvents())
                .containsExactly(new ScheduledEvent(period, "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(1 hours)", "rate(2 hour)", "rate(0 minutes)", "rate(1 week)", "cron(0 8 * * ? *)"})
    void scheduleThatIsNoValidRate_isRejected(String expression) {
        assertFails(SCHEDULED.formatted(expression), "a schedule must be like rate(1 hour)");
    }

    @Test
    void routes_areReadFromTheApiDefinition_withTheirAuthorizers() {
        assertThat(read(api("{ jwt: [] }", "Worker", "function")).routes())
                .containsExactly(
                        new Route("POST", "/steps", "Worker", new JwtAuthorizer("http://issuer", Set.of("a"))));
    }

    @Test
    void reservedConcurrency_isReadUnlessItHasNoValue() {
        String worker = """
                Conditions: {Reserves: !Equals [%s, yes]}
                Resources:
                  Worker:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: java25
                      Handler: a.B
                      ReservedConcurrentExecutions: !If [Reserves, 3, !Ref AWS::NoValue]
                """;

        assertThat(function(read(worker.formatted("yes")), "Worker").reservedConcurrency())
                .isEqualTo(3);
        assertThat(function(read(worker.formatted("no")), "Worker").reservedConcurrency())
                .isNull();
    }

    @Test
    void routeWithoutAuthorizer_integration_orFunction_isRejected() {
        assertFails(
                api("{ key: [] }", "Worker", "function"),
                "/steps: the local cloud supports only JWT authorizers; key is none");
        assertFails(
                api("{ jwt: [] }", "Worker", "other"),
                "/steps: the integration's uri is not the ARN of a function in the template");
        assertFails(api("{ jwt: [] }", "Jobs", "function"), "the local cloud has no value for Jobs.Alias");
    }

    private static String api(String security, String function, String integration) {
        return """
                Resources:
                  Worker:
                    Type: AWS::Serverless::Function
                    Properties: {Runtime: java25, Handler: a.B}
                  Api:
                    Type: AWS::Serverless::HttpApi
                    Properties:
                      DefinitionBody:
                        components:
                          securitySchemes:
                            jwt:
                              x-amazon-apigateway-authorizer:
                                type: jwt
                                identitySource: $request.header.Authorization
                                jwtConfiguration: {issuer: 'http://issuer', audience: [a]}
                          x-amazon-apigateway-integrations:
                            function:
                              payloadFormatVersion: '2.0'
                              uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${%s.Alias}/invocations'
                        paths:
                          /steps:
                            post:
                              x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/%s'}
                              security: [%s]
                """.formatted(function, integration, security);
    }

    @Test
    void intrinsicFunctions_areResolved() {
        Template template = read("""
                Parameters:
                  Stage: {Type: String, Default: test}
                Conditions:
                  IsTest: !Equals [!Ref Stage, test]
                  IsReal: !Not [!Condition IsTest]
                  Both: !And [{Condition: IsTest}, {Condition: IsReal}]
                Resources:
                  Jobs:
                    Type: AWS::SQS::Queue
                    Condition: IsTest
                    Properties:
                      VisibilityTimeout: !If [IsTest, 7, 60]
                      MessageRetentionPeriod: !If [IsTest, !Ref AWS::NoValue, 60]
                  Others:
                    Type: AWS::SQS::Queue
                    Condition: Both
                Outputs:
                  ApiUrl: {Value: !Sub '${Jobs.QueueName} in ${AWS::Region}'}
                  BucketName: {Value: !Sub ['${Jobs} ${more}', {more: !Ref Stage}]}
                  QueueUrl: {Value: {'Fn::GetAtt': Jobs.Arn}}
                """);

        assertThat(template.queues())
                .containsExactly(
                        new Queue("app-Jobs", "arn:aws:sqs:eu-west-1:123:app-Jobs", Duration.ofSeconds(7), null));
        assertThat(template.outputs())
                .isEqualTo(Map.of(
                        "ApiUrl", "app-Jobs in eu-west-1",
                        "BucketName", "http://sqs/123/app-Jobs test",
                        "QueueUrl", "arn:aws:sqs:eu-west-1:123:app-Jobs"));
    }

    @Test
    void globals_areDefaultsOfAFunctionsProperties() {
        Template template = read("""
                Conditions:
                  Never: !Equals [a, b]
                Globals:
                  Function:
                    Runtime: java25
                    Timeout: 9
                    Environment: {Variables: {A: global, B: !If [Never, other, global], D: !Ref AWS::StackName}}
                Resources:
                  Worker:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: a.B
                      Environment: {Variables: {B: !If [Never, other, own], C: 3, D: !Ref AWS::NoValue}}
                """);

        Function worker = function(template, "Worker");
        assertThat(worker.timeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(worker.environment()).isEqualTo(Map.of("A", "global", "B", "own", "C", "3"));
    }

    private static Function function(Template template, String id) {
        return template.functions().stream()
                .filter(function -> function.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void assertFails(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    private static Template read(String yaml) {
        return TemplateReader.read(new StringReader(yaml), site(Map.of()));
    }

    private static DeploymentContext site(Map<String, String> parameters) {
        return new DeploymentContext("app", "eu-west-1", "123", "http://sqs/123", "http://api", parameters);
    }
}
