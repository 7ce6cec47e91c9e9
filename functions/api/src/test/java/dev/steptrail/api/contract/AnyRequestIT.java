package dev.steptrail.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.api.Api;
import dev.steptrail.api.RejectsMessages;
import dev.steptrail.api.contract.AnyRequest.Who;
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

/** Tests that any request by any caller gets a documented response, which {@link Api} checks, and never an internal error. */
@Tag("slow")
class AnyRequestIT extends RejectsMessages {
    private static final Map<Who, Api> CALLERS = Map.of(
            Who.OWNER, new Api(HANDLER, Map.of("sub", "alice")),
            Who.ANOTHER_OWNER, new Api(HANDLER, Map.of("sub", "bob")),
            Who.ADMIN, new Api(HANDLER, ADMIN),
            Who.LINK_HOLDER, new Api(HANDLER, null),
            Who.ANONYMOUS, new Api(HANDLER, null));

    private static final Population POPULATION = new Population(CALLERS.get(Who.OWNER), CALLERS.get(Who.ADMIN));
    private static final Set<String> SUCCEEDED = new TreeSet<>();

    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void anyRequest_thatTheDocumentForbids_isRejected_andNoneIsAnInternalError(@ForAll("requests") AnyRequest made) {
        check(made);
    }

    @Example
    void everyParameter_hasTheLimitsOfTheDocument() {
        for (Operation operation : ApiDocument.operations()) {
            for (Place parameter : operation.parameters("query")) {
                for (String value :
                        AnyRequests.atTheLimits(parameter.at("schema").node())) {
                    check(AnyRequests.one(operation, parameter.text("name"), value));
                }
            }
        }
    }

    private static void check(AnyRequest made) {
        AnyRequest request = made.resolved(text -> POPULATION.resolve(made.operation(), text));

        Api.Answer answer = CALLERS.get(request.who())
                .send(request.event(request.who() == Who.LINK_HOLDER ? POPULATION.token() : null));

        POPULATION.see(request.operation(), answer);
        assertThat(answer.status()).as(request + answer.logged()).isLessThan(500);
        switch (Verdict.of(request)) {
            case ALLOWED ->
                assertThat(answer.status()).as(request + answer.body()).isNotEqualTo(400);
            case FORBIDDEN ->
                assertThat(answer.status())
                        .as(request.toString())
                        .isIn(reaches(made) ? Set.of(400) : Set.of(400, 401, 404));
            case OPEN -> {}
        }
        if (answer.status() == 400) {
            assertThat(answer.json().get("detail").asText())
                    .matches("(The body|A query parameter|[A-Za-z0-9_.-]{1,40}): .{10,300}");
        }
        if (answer.status() < 400) {
            SUCCEEDED.add(request.operation().key());
        }
    }

    /** Ensures that the generated requests include successful ones. No archive exists here; RestoreTaskIT tests its route. */
    @AfterContainer
    static void everyRouteHadASuccessfulRequest() {
        assertThat(SUCCEEDED)
                .isEqualTo(ApiDocument.operations().stream()
                        .map(Operation::key)
                        .filter(key -> !key.equals(RESTORE))
                        .collect(Collectors.toSet()));
    }

    /** Returns whether the caller is authorized and the path's resource exists. */
    private static boolean reaches(AnyRequest made) {
        String key = made.operation().key();
        boolean admitted =
                switch (made.who()) {
                    case OWNER -> !key.contains("/shared/") && !key.contains("/admin/");
                    case ADMIN -> !key.contains("/shared/");
                    case LINK_HOLDER -> key.contains("/shared/");
                    case ANOTHER_OWNER, ANONYMOUS -> false;
                };
        return admitted
                && made.path().entrySet().stream()
                        .allMatch(variable -> variable.getValue().equals(AnyRequests.word(variable.getKey())));
    }

    @Provide
    Arbitrary<AnyRequest> requests() {
        return AnyRequests.all();
    }
}
