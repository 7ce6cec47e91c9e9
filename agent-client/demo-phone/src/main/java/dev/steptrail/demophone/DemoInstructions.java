package dev.steptrail.demophone;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo model's script for demonstrations: it operates the simulated phone for a few instructions in English and
 * Chinese, in the reply format of AutoGLM models. Any other instruction is finished with a list of these.
 */
final class DemoInstructions implements DemoScript {
    private static final Duration BEFORE_FIRST_TOKEN = Duration.ofMillis(300);
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(20);

    private static final List<Instruction> ALL = List.of(
            new Instruction("打开设置，把音量调到最大", "打开设置，?把音量调到最大.?", match -> volume(true)),
            new Instruction(
                    "Turn the volume up", "(?i)turn (?:the|my) volume (?:all the way )?up.?", match -> volume(false)),
            new Instruction("查一下上海的天气", "(?:查一下|看看|查看)上海的?天气.?", match -> weather(true)),
            new Instruction(
                    "What is the weather in Shanghai?",
                    "(?i)what(?: is|'s) the weather (?:like )?in shanghai.?",
                    match -> weather(false)),
            new Instruction("记一条备忘：带伞", "(?s)记一条备忘[：:] ?(.+)", match -> note(match.group(1), true)),
            new Instruction("Write a note: buy milk", "(?is)write a note: ?(.+)", match -> note(match.group(1), false)),
            new Instruction("拍一张照片", "拍一?张照片.?", match -> photo(true)),
            new Instruction("Take a photo", "(?i)take a (?:photo|picture).?", match -> photo(false)),
            new Instruction("登录银行", "登录银行.?", match -> signIn(true)),
            new Instruction("Sign in to the bank", "(?i)sign in to the bank.?", match -> signIn(false)));

    /**
     * An instruction that the script knows.
     *
     * @param example for users
     * @param pattern of the whole instruction
     * @param replies the model's replies, in order; the last one is repeated
     */
    private record Instruction(String example, Pattern pattern, Function<MatchResult, List<String>> replies) {
        Instruction(String example, String pattern, Function<MatchResult, List<String>> replies) {
            this(example, Pattern.compile(pattern), replies);
        }
    }

    @Override
    public DemoReply reply(JsonNode request) {
        List<String> replies = replies(instruction(request));
        int index = Math.min(DemoScript.repliesIn(request), replies.size() - 1);
        return DemoReply.text(replies.get(index)).withDelays(BEFORE_FIRST_TOKEN, BETWEEN_CHUNKS);
    }

    private static List<String> replies(String instruction) {
        for (Instruction known : ALL) {
            Matcher matcher = known.pattern().matcher(instruction);
            if (matcher.matches()) {
                return known.replies().apply(matcher.toMatchResult());
            }
        }
        String examples =
                String.join("; ", ALL.stream().map(Instruction::example).toList());
        return List.of(reply(
                "This is a demonstration without a model, which knows only some instructions.",
                "finish(message=\"" + quoted("The demo model knows: " + examples) + "\")"));
    }

    /** Returns the text of the first user message, up to the first empty line, after which the screen is described. */
    private static String instruction(JsonNode request) {
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                String text = message.path("content").asText();
                for (JsonNode part : message.path("content")) {
                    text += part.path("text").asText();
                }
                return text.split("\n\n", 2)[0].strip();
            }
        }
        return "";
    }

    private static List<String> volume(boolean chinese) {
        return List.of(
                reply(
                        chinese ? "要把音量调到最大，先打开设置。" : "The volume is in the settings. I open them first.",
                        "do(action=\"Launch\", app=\"" + (chinese ? "设置" : "Settings") + "\")"),
                reply(
                        chinese
                                ? "设置已打开，音量在“声音与振动”里。"
                                : "The settings are open. The volume is under sound and vibration.",
                        "do(action=\"Tap\", element=[500,309])"),
                reply(
                        chinese
                                ? "媒体音量的滑块还没有到最右边，把它拖到最右。"
                                : "The slider of the media volume is not at its end. I drag it there.",
                        "do(action=\"Swipe\", start=[381,238], end=[897,238])"),
                reply(
                        chinese
                                ? "手机提醒音量过高。用户要求最大音量，所以点“确定”。"
                                : "The phone warns of loud sound. The user asked for it, so I confirm.",
                        "do(action=\"Tap\", element=[713,890])"),
                reply(
                        chinese ? "媒体音量已经是 100%，任务完成。" : "The media volume is 100 %. The task is done.",
                        "finish(message=\"" + (chinese ? "媒体音量已调到最大。" : "The media volume is now 100 %.") + "\")"));
    }

    private static List<String> weather(boolean chinese) {
        return List.of(
                reply(
                        chinese ? "先回到桌面，找到天气应用。" : "I go to the home screen to find the weather app.",
                        "do(action=\"Home\")"),
                reply(
                        chinese ? "桌面第一行有“天气”，点开它。" : "The weather app is in the first row. I open it.",
                        "do(action=\"Tap\", element=[617,634])"),
                reply(
                        chinese ? "列表里第二个城市就是上海，点开看详情。" : "Shanghai is the second city in the list. I open it.",
                        "do(action=\"Tap\", element=[500,320])"),
                reply(
                        chinese
                                ? "页面显示上海现在 22°，小雨。可以回答用户了。"
                                : "It is 22° in Shanghai, with light rain. I can answer now.",
                        "finish(message=\""
                                + (chinese
                                        ? "上海现在 22°，小雨，19° 到 24°，出门请带伞。"
                                        : "Shanghai: 22°, light rain, 19° to 24°. Take an umbrella.")
                                + "\")"));
    }

    private static List<String> note(String text, boolean chinese) {
        return List.of(
                reply(chinese ? "先回到桌面，找到备忘录。" : "I go to the home screen to find the notes.", "do(action=\"Home\")"),
                reply(
                        chinese ? "点开“备忘录”。" : "The notes are at the end of the first row. I open them.",
                        "do(action=\"Tap\", element=[850,634])"),
                reply(
                        chinese ? "点右下角的加号，新建一条备忘。" : "The plus button at the bottom creates a note.",
                        "do(action=\"Tap\", element=[861,887])"),
                reply(
                        chinese ? "点一下页面，让它获得焦点。" : "I tap the page, so that it has the focus.",
                        "do(action=\"Tap\", element=[300,300])"),
                reply(
                        chinese ? "输入备忘的内容。" : "Now I type the text.",
                        "do(action=\"Type\", text=\"" + quoted(text) + "\")"),
                reply(chinese ? "返回上一页会保存这条备忘。" : "Going back saves the note.", "do(action=\"Back\")"),
                reply(
                        chinese ? "列表最上面就是新的备忘，任务完成。" : "The new note is at the top of the list. The task is done.",
                        "finish(message=\"" + quoted((chinese ? "已记下：" : "The note is saved: ") + text) + "\")"));
    }

    /** The camera of the simulated phone never takes a photo, so this does not end by itself. */
    private static List<String> photo(boolean chinese) {
        return List.of(
                reply(chinese ? "先回到桌面，找到相机。" : "I go to the home screen to find the camera.", "do(action=\"Home\")"),
                reply(
                        chinese ? "相机在底部最右边，点开它。" : "The camera is the last app at the bottom. I open it.",
                        "do(action=\"Tap\", element=[850,890])"),
                reply(
                        chinese ? "点快门拍照。左下角还没有照片。" : "I tap the shutter. There is no photo at the lower left yet.",
                        "do(action=\"Tap\", element=[500,884])"));
    }

    private static List<String> signIn(boolean chinese) {
        return List.of(
                reply(
                        chinese ? "登录需要密码，应该由用户自己输入。" : "Signing in needs a password, which only the user may type.",
                        "do(action=\"Take_over\", message=\"" + (chinese ? "请登录银行应用" : "Please sign in to the bank")
                                + "\")"),
                reply(
                        chinese ? "用户已经完成登录。" : "The user has signed in.",
                        "finish(message=\"" + (chinese ? "已登录。" : "Signed in.") + "\")"));
    }

    private static String reply(String thinking, String action) {
        return thinking + "\n" + action;
    }

    /** Escapes a text for a string literal of Python. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
