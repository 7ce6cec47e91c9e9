package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.FindSharedTask;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Links by which somebody without an account reads one task. The token of one comes in a header, and of its address in the part
 * behind the {@code #}, which browsers send nobody: so no log has it. Only its hash is stored.
 */
final class Shares {
    /** The header that carries the token, as API Gateway spells it. */
    static final String HEADER = "x-steptrail-share";

    private static final int TOKEN_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FindSharedTask find;

    Shares(FindSharedTask find) {
        this.find = find;
    }

    static String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What who has the request's token sees of this task.
     *
     * @throws Problem the same for a token of another task, one that expired or was taken back, and one that never was
     */
    View view(APIGatewayV2HTTPEvent event, String taskId) {
        String token = GatewayEvent.header(event, HEADER);
        if (token == null || token.isEmpty()) {
            throw Problem.unshared();
        }
        return find.byTokenHash(hash(token))
                .filter(shared -> shared.task().taskId().toString().equals(taskId))
                .map(shared -> new View(shared.task(), "share:" + shared.shareId(), shared.includeSensitive()))
                .orElseThrow(Problem::notFound);
    }
}
