package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.demophone.internal.screen.Element;
import dev.steptrail.demophone.state.PhoneState.Stream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays the replies for each instruction on the simulated phone. */
class DemoInstructionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern QUOTED = Pattern.compile("(?:app|text|message)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int MAX_STEPS = 12;

    private final SimulatedPhone phone = new SimulatedPhone(Clock.systemUTC());
    private final List<String> actions = new ArrayList<>();

    /** Plays until the model finishes or a limit of steps, and returns the last message; empty at the limit. */
    private String play(String instruction) {
        ObjectNode request = request(instruction);
        ArrayNode messages = request.withArray("messages");
        for (int step = 0; step < MAX_STEPS; step++) {
            String reply = ((DemoReply.Text) new DemoInstructions().reply(request)).content();
            messages.addObject().put("role", "assistant").put("content", reply);
            String action = reply.substring(reply.indexOf('\n') + 1);
            actions.add(action);
            if (action.startsWith("finish(")) {
                return quoted(action);
            }
            perform(action);
        }
        return "";
    }

    private static ObjectNode request(String instruction) {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode messages = request.putArray("messages");
        messages.addObject().put("role", "system").put("content", "You operate a phone.");
        messages.addObject()
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "text")
                .put("text", instruction + "\n\n{\"current_app\": \"System Home\"}");
        return request;
    }

    private void perform(String action) {
        int[] numbers = NUMBER.matcher(action)
                .results()
                .mapToInt(match -> Integer.parseInt(match.group()))
                .toArray();
        String name = action.substring("do(action=\"".length(), action.indexOf('"', "do(action=\"".length()));
        switch (name) {
            case "Launch" ->
                assertThat(phone.launchPackage("com.android.settings")).isTrue();
            case "Tap" -> phone.tap(numbers[0], numbers[1]);
            case "Swipe" -> phone.swipe(numbers[0], numbers[1], numbers[2], numbers[3]);
            case "Type" -> assertThat(phone.type(quoted(action))).isTrue();
            case "Back" -> phone.back();
            case "Home" -> phone.home();
            default -> assertThat(name).isEqualTo("Take_over");
        }
    }

    private static String quoted(String action) {
        Matcher quoted = QUOTED.matcher(action);
        assertThat(quoted.find()).as(action).isTrue();
        return quoted.group(1).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
    }

    private List<String> texts() {
        return phone.elements().stream().map(Element::text).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"打开设置，把音量调到最大", "Turn the volume up"})
    void volume_isAtItsMaximum_alsoTheSecondTime(String instruction) {
        assertThat(play(instruction)).isNotEmpty();
        assertThat(phone.state().volume(Stream.MEDIA)).isEqualTo(100);

        assertThat(play(instruction)).isNotEmpty();
        assertThat(phone.state().volume(Stream.MEDIA)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"查一下上海的天气", "What is the weather in Shanghai?"})
    void weather_isThatOnTheScreen(String instruction) {
        assertThat(play(instruction)).contains("22°");
        assertThat(texts()).contains("上海", "22°");
    }

    @ParameterizedTest
    @ValueSource(strings = {"记一条备忘：", "Write a note: "})
    void note_isSaved_withAnyText(String instruction) {
        assertThat(play(instruction + "say \"hi\" to C:\\dir")).contains("say \"hi\" to C:\\dir");
        assertThat(phone.state().notes().get(0).text()).isEqualTo("say \"hi\" to C:\\dir");
    }

    @Test
    void photo_neverEnds() {
        assertThat(play("Take a photo")).isEmpty();
        assertThat(actions.subList(2, MAX_STEPS)).containsOnly("do(action=\"Tap\", element=[500,884])");
        assertThat(texts()).contains("拍照");
    }

    @Test
    void signIn_asksTheUser() {
        assertThat(play("Sign in to the bank")).isEqualTo("Signed in.");
        assertThat(actions.get(0)).startsWith("do(action=\"Take_over\"");
    }

    @Test
    void anyOtherInstruction_isRejectedWithTheKnownOnes() {
        DemoReply reply = new DemoInstructions().reply(request("Order a pizza"));

        assertThat(reply).isInstanceOfSatisfying(DemoReply.HttpError.class, error -> {
            assertThat(error.status()).isEqualTo(400);
            assertThat(error.message()).contains("Turn the volume up", "打开设置，把音量调到最大");
        });
    }
}
