package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The templates pass all guards, and each guard detects when its property is missing. */
class GuardsTest {
    private static final Path NETWORK = Path.of("../network.yaml");
    private static final Path CDN = Path.of("../cdn.yaml");
    private static final Path DATABASE = Path.of("../database.yaml");

    @Test
    void deployedTemplates_passAllGuards() throws IOException {
        for (Path file : new Path[] {TemplateTree.MAIN, NETWORK, DATABASE, CDN, Path.of("../cdn-viewer.yaml")}) {
            assertThat(Guards.missing(TemplateTree.of(file)))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            RestrictPublicBuckets: true                   | RestrictPublicBuckets: false                  | RestrictPublicBuckets
            BlockPublicPolicy: true                       | BlockPublicPolicy: false                      | BlockPublicPolicy
            ObjectOwnership: BucketOwnerEnforced          | ObjectOwnership: ObjectWriter                 | the bucket owner's
            SSEAlgorithm: aws:kms                         | SSEAlgorithm: AES256                          | SSEAlgorithm
            KmsMasterKeyId: !Ref Key                      | SqsManagedSseEnabled: true                    | KmsMasterKeyId
            aws:SecureTransport: "false"                  | aws:SecureTransport: "true"                   | without TLS
            Prefix: payloads/                             | Prefix: screenshots/                          | payloads/ does not expire
            DeletionPolicy: RetainExceptOnCreate          | DeletionPolicy: Delete                        | DeletionPolicy
            EnableKeyRotation: true                       | EnableKeyRotation: false                      | EnableKeyRotation
            deadLetterTargetArn: !GetAtt StepsDeadLetterQueue.Arn | deadLetter: none                      | no dead-letter queue
            MessageRetentionPeriod: 1209600               | MessageRetentionPeriod: 60                    | StepsDeadLetterQueue: Properties.MessageRetentionPeriod
            VisibilityTimeout: 360                        | VisibilityTimeout: 60                         | gives messages again
            maxReceiveCount: 250                          | maxReceiveCount: 3                            | an outage of an hour
            maxReceiveCount: 250                          | maxReceiveCount: 1000                         | messages expire before
            MaximumBatchingWindowInSeconds: 1             | MaximumBatchingWindowInSeconds: 0             | no batching window
            ReportBatchItemFailures                       | NoReport                                      | one message fails its batch
            MaximumConcurrency: !Ref IngestConcurrency    | MaximumConcurrency: []                        | as many connections
            Resource: !Sub ${Bucket.Arn}/payloads/*       | Resource: !Sub ${Bucket.Arn}/*                | allows it of everything
            Resource: !GetAtt StepsQueue.Arn              | Resource: "*"                                 | allows it of everything
            Action: s3:GetObject                          | Action: s3:*                                  | allows any action
            - !Ref FunctionPolicy                         | - arn:aws:iam::aws:policy/AdministratorAccess | not ours
            Role: !GetAtt ApiRole.Arn                     | Role: !GetAtt IngestRole.Arn                  | no role of its own
            RetentionInDays: !Ref LogDays                 | RetentionInDays: 3653                         | RetentionInDays
            KmsKeyId: !GetAtt Key.Arn                     | LogGroupClass: STANDARD                       | KmsKeyId
            security: [{ jwt: [] }]                       | deprecated: true                              | requires no token
            GET /signed-in:                               | GET /compare:                                 | what needs no token: [GET /signed-in]
            $default:                                     | $other:                                       | routes that do not exist
            ThrottlingRateLimit: 100                      | ThrottlingRateLimit: 0                        | ThrottlingRateLimit
            $context.routeKey                             | $context.path                                 | access log
            DependsOn: Schema                             | DependsOn: Bucket                             | DependsOn
            Tracing: Active                               | Tracing: PassThrough                          | Tracing
            AutoPublishAlias: live                        | Layers: []                                    | AutoPublishAlias
            KmsKeyArn: !GetAtt Key.Arn                    | Layers: []                                    | KmsKeyArn
            LogFormat: JSON                               | LogFormat: Text                               | LogFormat
            - !Ref IngestFaultsReleaseAlarm               | -                                             | does not rise at a few
            DeploymentPreference:                         | Deployment:                                   | no two alarms
            Threshold: 3                                  | Threshold: 3000000                            | does not rise
            ApplyOn: !Ref SnapStart                       | ApplyOn: None                                 | SnapStart.ApplyOn
            Default: PublishedVersions                    | Default: None                                 | SnapStart.Default
            Schedule: rate(1 day)                         | Schedule: rate(15 days)                       | daily schedule
            Type: Schedule                                | Type: EventBridgeRule                         | daily schedule
            ReservedConcurrentExecutions:                 | Reserved:                                     | may take all connections
            MessageRetentionPeriod: 345600                | MessageRetentionPeriod: 1209600               | StepsQueue: does not keep messages for 4 days
            """)
    void missingPropertyOfTheStack_isDetected(String guard, String without, String told) throws IOException {
        assertMissed(TemplateTree.MAIN, guard, without, told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            StorageEncrypted: true                        | StorageEncrypted: false                       | StorageEncrypted
            KmsKeyId: !Ref KeyArn                         | Port: 5432                                    | KmsKeyId
            DeletionProtection: true                      | DeletionProtection: false                     | DeletionProtection
            DeletionPolicy: Retain                        | DeletionPolicy: Delete                        | DeletionPolicy
            PubliclyAccessible: false                     | PubliclyAccessible: true                      | PubliclyAccessible
            log_min_error_statement: panic                | log_min_error_statement: error                | log_min_error_statement
            rds.force_ssl: "1"                            | rds.force_ssl: "0"                            | force_ssl
            EnableIAMDatabaseAuthentication: true         | EnableIAMDatabaseAuthentication: false        | EnableIAM
            MasterUserAuthenticationType: iam-db-auth     | MasterUserPassword: secret                    | MasterUserAuthenticationType
            BackupRetentionPeriod: 14                     | BackupRetentionPeriod: 1                      | backups
            """)
    void missingPropertyOfTheDatabase_isDetected(String guard, String without, String told) throws IOException {
        assertMissed(DATABASE, guard, without, told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            MapPublicIpOnLaunch: false                    | MapPublicIpOnLaunch: true                     | MapPublicIpOnLaunch
            Type: AWS::EC2::RouteTable                    | Type: AWS::EC2::InternetGateway               | no way to the internet
            Resource: !Ref ExportsQueueArn                | Resource: "*"                                 | allows it of everything
            PolicyDocument:                               | Unlimited:                                    | leads anywhere
            cloudformation-custom-resource-response-      | other-                                        | from answering
            SourceSecurityGroupId: !Ref FunctionsSecurityGroup | CidrIp: 0.0.0.0/0                        | lets in others
            """)
    void missingPropertyOfTheNetwork_isDetected(String guard, String without, String told) throws IOException {
        assertMissed(NETWORK, guard, without, told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            TrustedKeyGroups:                             | OtherKeyGroups:                               | whoever asks
            OriginAccessControlId: !Ref AccessControl     | OriginShield: none                            | as nobody
            ViewerProtocolPolicy: https-only              | ViewerProtocolPolicy: allow-all               | without TLS
            """)
    void missingPropertyOfTheCdn_isDetected(String guard, String without, String told) throws IOException {
        assertMissed(CDN, guard, without, told);
    }

    private static void assertMissed(Path file, String guard, String without, String told) throws IOException {
        String template = Files.readString(file);
        assertThat(template).contains(guard);

        assertThat(Guards.missing(TemplateTree.of(template.replace(guard, without))))
                .anySatisfy(line -> assertThat(line).contains(told));
    }
}
