package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.CredentialsException;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.QueueSender;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Failure;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.usage.PriceRepository;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.crac.Core;
import org.crac.Resource;

/**
 * Handles requests to the HTTP API behind API Gateway (HTTP API, payload 2.0), whose JWT authorizer has verified the
 * token. Handles one invocation at a time.
 */
public final class ApiHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, Resource {
    /** Time reserved after the last read for the audit record and the response. */
    private static final Duration RESPONSE_RESERVE = Duration.ofSeconds(1);

    private final Settings settings;
    private final Database database;
    private final Router router;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public ApiHandler() {
        this(new Settings(System.getenv()), MetricSink.STANDARD_OUTPUT);
        Core.getGlobalContext().register(this);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin} and {@link dev.steptrail.aws.AwsClients};
     *     {@code STEPTRAIL_BUCKET}, {@code STEPTRAIL_EXPORTS_QUEUE_URL}, {@code STEPTRAIL_JOBS_QUEUE_URL},
     *     {@code STEPTRAIL_ISSUER}, {@code STEPTRAIL_CLIENT_ID}. Optional: {@code AWS_LAMBDA_FUNCTION_VERSION}; those
     *     of {@link dev.steptrail.aws.CdnUrls}; {@code AWS_CREDENTIAL_EXPIRATION}; {@code STEPTRAIL_SIGN_IN_ORIGIN}
     *     (default: the issuer's origin); {@code STEPTRAIL_URL_LIFETIME} (ISO 8601, default {@code PT5M});
     *     {@code STEPTRAIL_MAINTENANCE_RATE} (default {@code rate(1 hour)}); {@code STEPTRAIL_ADMIN_CLAIM} (default
     *     {@code cognito:groups}); {@code STEPTRAIL_ADMIN_VALUE} (default {@code steptrail-admin})
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public ApiHandler(Map<String, String> settings) {
        this(new Settings(settings), MetricSink.LOG);
    }

    private ApiHandler(Settings settings, MetricSink metricSink) {
        this(settings, Database.withPreparedStatements(settings), metricSink);
    }

    ApiHandler(Settings settings, Database database, MetricSink metricSink) {
        this.settings = settings;
        this.database = database;
        this.metricSink = metricSink;
        BucketReader bucket = new BucketReader(settings);
        QueueSender exportQueue = new QueueSender(settings.required("STEPTRAIL_EXPORTS_QUEUE_URL"), settings);
        QueueSender jobsQueue = new QueueSender(settings.required("STEPTRAIL_JOBS_QUEUE_URL"), settings);
        Clock clock = Clock.systemUTC();
        ScreenshotUrls urls = new ScreenshotUrls(settings, clock);
        ExportService exports = new ExportService(bucket, exportQueue, urls, new PriceRepository(database), clock);
        ReadAuditor auditor = new ReadAuditor(new AuditLog(database), clock);
        this.router = new Router(
                new Routes(database, bucket, urls, exports, jobsQueue, auditor, clock).build(settings),
                new CallerResolver(settings),
                new ShareLinkAuthenticator(new ShareRepository(database)),
                new TaskRepository(database),
                auditor);
    }

    /** Returns API Gateway's route keys of all routes; {@code sam-template.yaml} must list the same. */
    public Set<String> routeKeys() {
        return router.routes().keySet();
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        GatewayRequest request = GatewayRequest.of(event);
        Response response = respond(request, context);
        writeMetrics(request, response.status(), context);
        return response.toGateway();
    }

    /** Handles typical requests by another handler, which is not part of the snapshot. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        ApiPrimer.prime(settings);
    }

    /**
     * Does not connect to the database. Many instances may be restored for the viewer's files alone, and connections of
     * idle instances would count towards the limit of the login.
     */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}

    private void writeMetrics(GatewayRequest request, int status, Context context) {
        Metrics metrics = new Metrics(LambdaFunction.API, context.getAwsRequestId());
        metrics.count(Metric.REQUESTS, 1);
        metrics.count(Metric.CLIENT_ERRORS, status >= 400 && status < 500 ? 1 : 0);
        metrics.count(Metric.SERVER_ERRORS, status >= 500 ? 1 : 0);
        database.addMetrics(metrics);
        request.logFields().forEach(metrics::setProperty);
        metrics.setProperty("status", status);
        metricSink.write(metrics, context);
    }

    private Response respond(GatewayRequest event, Context context) {
        String traceId = context.getAwsRequestId();
        Duration remaining =
                Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESPONSE_RESERVE);
        if (router.needsToken(event.routeKey())) {
            database.setReadDeadline(remaining);
        } else { // a waiting request would keep an execution that signed-in users need
            database.setReadDeadline(remaining, Duration.ZERO);
        }
        try {
            return ETagFilter.apply(router.dispatch(event, context), event.header("if-none-match"));
        } catch (Problem problem) {
            if (problem.logReason() != null) {
                Log.of(context).error(problem.logEvent(), event.logFields("reason", problem.logReason()));
            }
            return problem.response(traceId);
        } catch (ParameterException e) {
            Log.of(context).error("parameter_unavailable", event.logFields("reason", String.valueOf(e.getMessage())));
            return new Problem(Kind.UNAVAILABLE).response(traceId);
        } catch (StoreException.Unavailable | CredentialsException e) {
            Log.of(context).error("database_unavailable", event.logFields("reason", String.valueOf(e.getMessage())));
            return new Problem(Kind.UNAVAILABLE).response(traceId);
        } catch (RuntimeException e) {
            Log.of(context).error("unexpected_error", event.logFields("failure", Failure.describe(e)));
            return new Problem(Kind.INTERNAL).response(traceId);
        }
    }
}
