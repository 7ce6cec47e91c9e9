package dev.steptrail.bench.capacity;

import java.util.List;

/** What it costs, line by line. */
final class Cost {
    /** For how long what is written stays where it is: RetentionDays, and of screenshots what the archive still needs. */
    private static final double MONTHS = 3;

    /** A quarter of a processor, which AWS does not promise. */
    static final double PROCESSORS_OF_ACU = 0.25;

    /** Of an invocation: our line of metrics (1.3 to 1.7 KB), and Lambda's three. */
    private static final double LOG_BYTES = 2_500;

    private static final double HOURS_OF_MONTH = 730;
    private static final double GB = 1e9;
    private static final double IO_BYTES = 4_096;

    /** For how long SQS uses a data key (KmsDataKeyReusePeriodSeconds); the same is taken for S3's bucket keys. */
    private static final double KEY_SECONDS = 3600;

    /** So many of the steps are looked at once in the viewer, with all their pictures. */
    private static final double LOOKED_AT = 0.1;

    /** Requests of the viewer to the API for one run, which has so many steps. */
    private static final double REQUESTS_OF_RUN = 15;

    private static final double STEPS_OF_RUN = 27;
    private static final double API_SECONDS = 0.01;
    private static final double API_GB = 1;

    private static final double LEAST_ACU = 0.5;
    /** That functions write, if one is rejected for a reason and no job fails. */
    private static final int METRICS = 32;

    /** Metrics that the alarms of infra/observability.yaml and those of a release look at, each of which is paid for. */
    private static final int ALARMS = 31;

    /** Five pollers of each of two queues, which wait 20 s for a message. */
    private static final double POLLS_OF_MONTH = 2 * 5 * HOURS_OF_MONTH * 3600 / 20;

    private Cost() {}

    /** So much of something. */
    record Line(String what, double quantity, Price price) {
        double dollars() {
            return price.of(quantity);
        }
    }

    /**
     * What so many steps add to the bill, from the shipper to the reader, if they are kept for three months.
     *
     * @param screens stored of a step
     */
    static List<Line> ofSteps(double steps, double screens, Usage usage) {
        double screenGb =
                steps * screens * (usage.sizes().screen() + usage.sizes().thumbnail()) / GB;
        double files = 2 * screens * steps;
        double keys = 2 * usage.hours(steps) * 3600 / KEY_SECONDS * (2 * usage.phones() + 1);
        double apiRequests = LOOKED_AT * steps / STEPS_OF_RUN * REQUESTS_OF_RUN;
        return List.of(
                new Line("send messages", usage.messages() * steps, Price.SQS_REQUEST),
                new Line("receive and delete them", (usage.receives() + usage.deletes()) * steps, Price.SQS_REQUEST),
                new Line("invoke ingest", usage.invocations() * steps, Price.LAMBDA_REQUEST),
                new Line("run ingest", usage.seconds() * steps * usage.megabytes() / 1024, Price.LAMBDA_GB_SECOND),
                new Line("store screens and thumbnails", files, Price.S3_PUT),
                new Line("keep them for three months", screenGb * MONTHS, Price.S3_STORAGE),
                new Line(
                        "write steps",
                        usage.databaseSeconds() * steps / PROCESSORS_OF_ACU / 3600,
                        Price.AURORA_ACU_HOUR),
                new Line("write them to storage", usage.logBytes() * steps / IO_BYTES, Price.AURORA_IO),
                new Line("keep rows for three months", usage.rowBytes() * steps / GB * MONTHS, Price.AURORA_STORAGE),
                new Line("data keys of queue and bucket", keys, Price.KMS_REQUEST),
                new Line("logs of ingest", usage.invocations() * steps * LOG_BYTES / GB, Price.LOGS),
                new Line("look at a tenth: API", apiRequests, Price.API_REQUEST),
                new Line("look at a tenth: its function", apiRequests * API_SECONDS * API_GB, Price.LAMBDA_GB_SECOND),
                new Line("look at a tenth: pictures", LOOKED_AT * files, Price.S3_GET),
                new Line("look at a tenth: to the browser", LOOKED_AT * screenGb, Price.TRANSFER_OUT));
    }

    /** What a month costs in which nothing is recorded. */
    static List<Line> ofMonth() {
        return List.of(
                new Line(
                        "least capacity 0.5; none where it may pause",
                        LEAST_ACU * HOURS_OF_MONTH,
                        Price.AURORA_ACU_HOUR),
                new Line(
                        "endpoint of SQS in one zone; none with a Postgres of one's own",
                        HOURS_OF_MONTH,
                        Price.ENDPOINT_HOUR),
                new Line("the stack's key", 1, Price.KMS_KEY),
                new Line("metrics", METRICS, Price.METRIC),
                new Line("alarms", ALARMS, Price.ALARM),
                new Line("Lambda asks two queues for messages", POLLS_OF_MONTH, Price.SQS_REQUEST));
    }

    static double sum(List<Line> lines) {
        return lines.stream().mapToDouble(Line::dollars).sum();
    }
}
