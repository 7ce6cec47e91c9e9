package dev.steptrail.bench.capacity;

/**
 * What AWS takes in us-east-1, on demand, in dollars, without what is free and without rebates for much. Where each was looked up
 * and when stands in infra/CAPACITY.md, whose table of prices is made from this.
 */
enum Price {
    SQS_REQUEST("SQS standard, requests of 64 KiB", 0.40, 1e6, "requests", "sqs/pricing"),
    LAMBDA_REQUEST("Lambda, requests", 0.20, 1e6, "requests", "lambda/pricing"),
    LAMBDA_GB_SECOND("Lambda arm64, duration", 13.3334, 1e6, "GB-s", "lambda/pricing"),
    S3_PUT("S3 Standard, PUT and LIST", 5.00, 1e6, "requests", "s3/pricing"),
    S3_GET("S3 Standard, GET", 0.40, 1e6, "requests", "s3/pricing"),
    S3_STORAGE("S3 Standard, storage", 0.023, 1, "GB-months", "s3/pricing"),
    AURORA_ACU_HOUR("Aurora Serverless v2, Standard, capacity", 0.12, 1, "ACU-hours", "rds/aurora/pricing"),
    AURORA_STORAGE("Aurora Standard, storage", 0.10, 1, "GB-months", "rds/aurora/pricing"),
    AURORA_IO("Aurora Standard, I/O", 0.20, 1e6, "requests", "rds/aurora/pricing"),
    API_REQUEST("API Gateway, HTTP API", 1.00, 1e6, "requests", "api-gateway/pricing"),
    KMS_KEY("KMS, customer key", 1.00, 1, "keys a month", "kms/pricing"),
    KMS_REQUEST("KMS, requests", 3.00, 1e6, "requests", "kms/pricing"),
    LOGS("CloudWatch Logs, ingested", 0.50, 1, "GB", "cloudwatch/pricing"),
    METRIC("CloudWatch, custom metrics", 0.30, 1, "metrics a month", "cloudwatch/pricing"),
    ALARM("CloudWatch, alarms", 0.10, 1, "alarms a month", "cloudwatch/pricing"),
    ENDPOINT_HOUR("Interface endpoint, of each zone", 0.01, 1, "hours", "privatelink/pricing"),
    TRANSFER_OUT("Data transfer to the internet", 0.09, 1, "GB", "ec2/pricing/on-demand");

    private final String what;
    private final double dollars;
    private final double per;
    private final String unit;
    private final String page;

    Price(String what, double dollars, double per, String unit, String page) {
        this.what = what;
        this.dollars = dollars;
        this.per = per;
        this.unit = unit;
        this.page = page;
    }

    String what() {
        return what;
    }

    /** For {@link #per} of them. */
    double dollars() {
        return dollars;
    }

    double per() {
        return per;
    }

    String unit() {
        return unit;
    }

    String page() {
        return "https://aws.amazon.com/" + page + "/";
    }

    double of(double quantity) {
        return quantity / per * dollars;
    }
}
