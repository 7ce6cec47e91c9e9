package dev.steptrail.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.api.Api;
import dev.steptrail.api.RejectedMessagesTestBase;
import dev.steptrail.api.contract.GeneratedRequest.Who;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

/** Tests that any request gets a documented response, which {@link Api} checks, and no internal error. */
@Tag("slow")
class GeneratedRequestsIT extends RejectedMessagesTestBase {
    private static final Map<Who, Api> CALLERS = Map.of(
            Who.OWNER, new Api(HANDLER, Map.of("sub", "alice")),
            Who.ANOTHER_OWNER, new Api(HANDLER, Map.of("sub", "bob")),
            Who.ADMIN, new Api(HANDLER, ADMIN),
            Who.LINK_HOLDER, new Api(HANDLER, null),
            Who.ANONYMOUS, new Api(HANDLER, null));

    private static final TestData DATA = new TestData(CALLERS.get(Who.OWNER), CALLERS.get(Who.ADMIN));
    private static final Set<String> SUCCEEDED = new TreeSet<>();

    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void anyRequest_thatTheDocumentForbids_isRejected_andNoneIsAnInternalError(
            @ForAll("requests") GeneratedRequest generated) {
        check(generated);
    }

    @Example
    void everyParameter_hasTheLimitsOfTheDocument() {
        for (Operation operation : ApiDocument.operations()) {
            for (DocumentNode parameter : operation.parameters("query")) {
                for (String value : RequestArbitraries.atTheLimits(
                        Operation.valueSchema(parameter).node())) {
                    check(RequestArbitraries.withParameter(operation, parameter, value));
                }
            }
        }
    }

    private static void check(GeneratedRequest generated) {
        GeneratedRequest request = generated.resolved(text -> DATA.resolve(generated.operation(), text));

        Api.Answer answer =
                CALLERS.get(request.who()).send(request.event(request.who() == Who.LINK_HOLDER ? DATA.token() : null));

        DATA.update(request.operation(), answer);
        assertThat(answer.status()).as(request + answer.logged()).isLessThan(500);
        switch (RequestValidity.of(request)) {
            case VALID ->
                assertThat(answer.status()).as(request + answer.body()).isNotEqualTo(400);
            case INVALID ->
                assertThat(answer.status())
                        .as(request.toString())
                        .isIn(isAuthorized(generated) ? Set.of(400) : Set.of(400, 401, 404));
            case UNDECIDED -> {}
        }
        if (answer.status() == 400) {
            assertThat(answer.detail()).matches("(The request body |[A-Za-z0-9_.-]{1,40}: ).{10,300}");
        }
        if (answer.status() < 400) {
            SUCCEEDED.add(request.operation().key());
        }
    }

    /** Ensures that generated requests include successful ones, except restores, for which no archive exists. */
    @AfterContainer
    static void everyRouteHadASuccessfulRequest() {
        assertThat(SUCCEEDED)
                .isEqualTo(ApiDocument.operations().stream()
                        .map(Operation::key)
                        .filter(key -> !key.equals(RESTORE))
                        .collect(Collectors.toSet()));
    }

    /** Returns whether the caller may call the route and the resource in the path exists. */
    private static boolean isAuthorized(GeneratedRequest generated) {
        String key = generated.operation().key();
        boolean mayCallRoute =
                switch (generated.who()) {
                    case OWNER -> !key.contains("/shared/") && !key.contains("/admin/");
                    case ADMIN -> !key.contains("/shared/");
                    case LINK_HOLDER -> key.contains("/shared/");
                    case ANOTHER_OWNER, ANONYMOUS -> false;
                };
        return mayCallRoute
                && generated.path().entrySet().stream().allMatch(variable -> variable.getValue()
                        .equals(RequestArbitraries.placeholder(variable.getKey())));
    }

    @Provide
    Arbitrary<GeneratedRequest> requests() {
        return RequestArbitraries.all();
    }
}
