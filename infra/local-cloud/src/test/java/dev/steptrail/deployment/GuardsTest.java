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
    private static final Path CDN = Path.of("../cdn.yaml");

    @Test
    void deployedTemplates_passAllGuards() throws IOException {
        for (Path file : new Path[] {TemplateTree.MAIN, CDN, Path.of("../cdn-viewer.yaml")}) {
            assertThat(Guards.missing(TemplateTree.of(file)))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            RestrictPublicBuckets: true                   | RestrictPublicBuckets: false                  | RestrictPublicBuckets
            BlockPublicPolicy: true                       | BlockPublicPolicy: false                      | BlockPublicPolicy
            ObjectOwnership: BucketOwnerEnforced          | ObjectOwnership: ObjectWriter                 | by the bucket owner
            SSEAlgorithm: !If [HasKey, aws:kms, AES256]   | SSEAlgorithm: AES256                          | SSEAlgorithm
            KmsMasterKeyId: !If                           | KmsOther: !If                                 | KmsMasterKeyId
            SqsManagedSseEnabled: !If                     | SqsOther: !If                                 | SqsManagedSseEnabled
            aws:SecureTransport: "false"                  | aws:SecureTransport: "true"                   | without TLS
            Prefix: payloads/                             | Prefix: screenshots/                          | payloads/ does not expire
            DeletionPolicy: RetainExceptOnCreate          | DeletionPolicy: Delete                        | DeletionPolicy
            EnableKeyRotation: true                       | EnableKeyRotation: false                      | EnableKeyRotation
            deadLetterTargetArn: !GetAtt StepsDeadLetterQueue.Arn | deadLetter: none                      | no dead-letter queue
            MessageRetentionPeriod: 1209600               | MessageRetentionPeriod: 60                    | StepsDeadLetterQueue: Properties.MessageRetentionPeriod
            VisibilityTimeout: 360                        | VisibilityTimeout: 60                         | redeliver messages
            maxReceiveCount: 250                          | maxReceiveCount: 3                            | an outage of an hour
            maxReceiveCount: 250                          | maxReceiveCount: 1000                         | messages expire before
            MaximumBatchingWindowInSeconds: 1             | MaximumBatchingWindowInSeconds: 0             | no batching window
            ReportBatchItemFailures                       | NoReport                                      | a failed message fails
            MaximumConcurrency: !Ref IngestConcurrency    | MaximumConcurrency: []                        | no maximum concurrency
            ${BucketName.Value}/payloads/*                | ${BucketName.Value}/*                         | allows all resources
            Resource: !GetAtt StepsQueue.Arn              | Resource: "*"                                 | allows all resources
            Action: s3:GetObject                          | Action: s3:*                                  | allows actions by wildcard
            - !Ref FunctionPolicy                         | - arn:aws:iam::aws:policy/AdministratorAccess | outside the stack
            Role: !GetAtt ApiRole.Arn                     | Role: !GetAtt IngestRole.Arn                  | no dedicated role
            RetentionInDays: !Ref LogDays                 | RetentionInDays: 3653                         | RetentionInDays
            KmsKeyId: !If                                 | KmsOther: !If                                 | KmsKeyId
            security: [{ jwt: [] }]                       | deprecated: true                              | requires no token
            GET /signed-in:                               | GET /compare:                                 | routes without a token: [GET /signed-in]
            $default:                                     | $other:                                       | routes that do not exist
            ThrottlingRateLimit: 100                      | ThrottlingRateLimit: 0                        | ThrottlingRateLimit
            $context.routeKey                             | $context.path                                 | access log
            DependsOn: Schema                             | DependsOn: Bucket                             | DependsOn
            Tracing: !If [Standard, Active, PassThrough]  | Tracing: PassThrough                          | Tracing
            AutoPublishAlias: live                        | Layers: []                                    | AutoPublishAlias
            KmsKeyArn: !If                                | KmsOther: !If                                 | KmsKeyArn
            LogFormat: JSON                               | LogFormat: Text                               | LogFormat
            - !Ref IngestUnexpectedErrorsReleaseAlarm     | - !Ref NoAlarm                                | Threshold is not from 1 to 10
            DeploymentPreference:                         | Deployment:                                   | fewer than two rollback alarms
            Threshold: 3                                  | Threshold: 3000000                            | Threshold is not from 1 to 10
            ApplyOn: !Ref SnapStart                       | ApplyOn: None                                 | SnapStart.ApplyOn
            Default: PublishedVersions                    | Default: None                                 | SnapStart.Default
            Schedule: rate(1 day)                         | Schedule: rate(15 days)                       | daily schedule
            Type: Schedule                                | Type: EventBridgeRule                         | daily schedule
            !Ref ApiConnections                           | 1000                                          | use all database connections
            MaximumRetryAttempts: 0                       | MaximumRetryAttempts: 2                       | MaximumRetryAttempts
            AutoPublishCodeSha256: !Ref ReleaseDigest     | Layers: []                                    | AutoPublishCodeSha256
            StorageEncrypted: !If                         | Other: !If                                    | StorageEncrypted
            KmsKeyId: !GetAtt KeyArn.Value                | Port: 5432                                    | KmsKeyId
            DeletionProtection: !Ref DeletionProtection   | DeletionProtection: false                     | DeletionProtection
            PubliclyAccessible: false                     | PubliclyAccessible: true                      | PubliclyAccessible
            log_min_error_statement: panic                | log_min_error_statement: error                | log_min_error_statement
            rds.force_ssl: "1"                            | rds.force_ssl: "0"                            | force_ssl
            EnableIAMDatabaseAuthentication: true         | EnableIAMDatabaseAuthentication: false        | EnableIAM
            MasterUserAuthenticationType: !If             | MasterUserPassword: !If                       | MasterUserAuthenticationType
            BackupRetentionPeriod: 14                     | BackupRetentionPeriod: 1                      | keeps backups for less
            ExpirationInDays: !Ref BackupDays             | ExpirationInDays: 3650                        | backups/ does not expire
            MapPublicIpOnLaunch: false                    | MapPublicIpOnLaunch: true                     | MapPublicIpOnLaunch
            Type: AWS::EC2::RouteTable                    | Type: AWS::EC2::InternetGateway               | connects the network to the internet
            - !GetAtt JobsQueue.Arn                       | - "*"                                         | allows all resources
            lambda:SourceFunctionArn:                     | lambda:Other:                                 | change network interfaces
            PolicyDocument:                               | Unlimited:                                    | access to any resource
            cloudformation-custom-resource-response-      | other-                                        | respond to CloudFormation
            SourceSecurityGroupId: !Ref FunctionsSecurityGroup | CidrIp: 0.0.0.0/0                        | from others than the functions
            MessageRetentionPeriod: 345600                | MessageRetentionPeriod: 1209600               | StepsQueue: MessageRetentionPeriod is not 4 days
            """)
    void missingPropertyOfTheStack_isDetected(String property, String replacement, String expected) throws IOException {
        assertDetected(TemplateTree.MAIN, property, replacement, expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            TrustedKeyGroups:                             | OtherKeyGroups:                               | without a signed URL
            OriginAccessControlId: !Ref AccessControl     | OriginShield: none                            | origin access control
            ViewerProtocolPolicy: https-only              | ViewerProtocolPolicy: allow-all               | without TLS
            """)
    void missingPropertyOfTheCdn_isDetected(String property, String replacement, String expected) throws IOException {
        assertDetected(CDN, property, replacement, expected);
    }

    private static void assertDetected(Path file, String property, String replacement, String expected)
            throws IOException {
        String template = Files.readString(file);
        assertThat(template).contains(property);

        assertThat(Guards.missing(TemplateTree.of(template.replace(property, replacement))))
                .anySatisfy(line -> assertThat(line).contains(expected));
    }
}
