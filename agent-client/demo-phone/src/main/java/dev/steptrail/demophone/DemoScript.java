package dev.steptrail.demophone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** Decides what the demo model answers. Called by several threads. */
@FunctionalInterface
public interface DemoScript {
    /**
     * Returns the answer to a request.
     *
     * @param request its body
     */
    DemoReply reply(JsonNode request);

    /**
     * Returns a script that answers requests in order, whatever they contain. After the last reply, it answers with
     * status 400.
     */
    static DemoScript inOrder(List<? extends DemoReply> replies) {
        AtomicInteger next = new AtomicInteger();
        return byIndex(replies, request -> next.getAndIncrement());
    }

    /**
     * Returns a script that answers each conversation from its beginning: the reply's index is the number of the
     * conversation's earlier replies. After the last reply, it answers with status 400.
     */
    static DemoScript perConversation(List<? extends DemoReply> replies) {
        return byIndex(replies, DemoScript::repliesIn);
    }

    private static DemoScript byIndex(List<? extends DemoReply> replies, ToIntFunction<JsonNode> indexOf) {
        List<DemoReply> copy = List.copyOf(replies);
        return request -> {
            int index = indexOf.applyAsInt(request);
            return index < copy.size() ? copy.get(index) : DemoReply.error(400);
        };
    }

    /** Returns the number of replies that the conversation of a request contains. */
    static int repliesIn(JsonNode request) {
        int replies = 0;
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("assistant")) {
                replies++;
            }
        }
        return replies;
    }
}
