package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;
import static dev.steptrail.deployment.TemplateTree.statements;

import java.util.List;
import java.util.Map;

/** Checks network access: only intended resources are reachable, and they can reach only intended destinations. */
final class NetworkGuards extends GuardSet {
    private static final String FUNCTIONS = "!Ref FunctionsSecurityGroup";

    NetworkGuards(TemplateTree template, List<String> missing) {
        super(template, missing);
    }

    @Override
    void check() {
        template.resources("AWS::EC2::Subnet")
                .forEach((name, subnet) -> expect(name, subnet, "false", "Properties", "MapPublicIpOnLaunch"));
        template.resources("AWS::EC2::VPCEndpoint").forEach(this::endpoint);
        template.resources("AWS::EC2::SecurityGroup").forEach(this::securityGroup);
        for (String type : List.of("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway")) {
            template.resources(type)
                    .keySet()
                    .forEach(name -> require(false, name, "connects the network to the internet"));
        }
        template.resources("AWS::CloudFront::Distribution").forEach(this::distribution);
    }

    private void securityGroup(String name, Object group) {
        list(at(group, "Properties", "SecurityGroupIngress"))
                .forEach(rule -> require(
                        List.of(FUNCTIONS, choice("AdoptsCluster", "!Ref ExistingSecurityGroupId", FUNCTIONS))
                                .contains(at(rule, "SourceSecurityGroupId")),
                        name,
                        "allows connections from others than the functions"));
    }

    private void distribution(String name, Object distribution) {
        Object behavior = at(distribution, "Properties", "DistributionConfig", "DefaultCacheBehavior");
        require(
                List.of("https-only", "redirect-to-https").contains(at(behavior, "ViewerProtocolPolicy")),
                name,
                "allows connections without TLS");
        boolean isOfBucket = list(at(distribution, "Properties", "DistributionConfig", "Origins")).stream()
                .anyMatch(origin -> map(origin).containsKey("S3OriginConfig"));
        require(
                !isOfBucket || !list(at(behavior, "TrustedKeyGroups")).isEmpty(),
                name,
                "serves the bucket's objects without a signed URL");
        require(
                !isOfBucket
                        || list(at(distribution, "Properties", "DistributionConfig", "Origins")).stream()
                                .allMatch(origin -> at(origin, "OriginAccessControlId") instanceof String),
                name,
                "reads the bucket without origin access control");
    }

    /** The roles, not the endpoint policies, limit the allowed actions. */
    private void endpoint(String name, Object endpoint) {
        List<Map<String, Object>> statements =
                statements(at(endpoint, "Properties", "PolicyDocument")).toList();
        require(!statements.isEmpty(), name, "allows access to any resource");
        if (name.equals("S3Endpoint")) {
            require(
                    statements.stream().anyMatch(statement -> list(at(statement, "Resource"))
                            .toString()
                            .contains("cloudformation-custom-resource-response-")),
                    name,
                    "does not allow the migrate function to respond to CloudFormation");
        }
        statements.forEach(statement -> require(
                !list(at(statement, "Resource")).contains("*"), name, statement.get("Sid") + " allows all resources"));
    }
}
