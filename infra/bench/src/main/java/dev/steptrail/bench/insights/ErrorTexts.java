package dev.steptrail.bench.insights;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** What agents and phones say when something went wrong. */
final class ErrorTexts {
    /** One failure each, whatever stands for the names in angle brackets. */
    static final List<String> CLUSTERS = List.of(
            "Element not found at (<n>, <n>) after <n> ms",
            "Device <id> is offline",
            "adb: transport closed while reading <n> bytes",
            "Button '<name>' is not clickable",
            "Request <id> failed: the model answered with status <n>",
            "找不到名为“<name>”的控件",
            "页面加载超时，已等待 <n> 秒",
            "Permission dialog \"<name>\" blocks session <id>");

    private static final List<String> NAMES = List.of("确定", "下一步", "允许", "Save", "Send", "Next", "提交", "Search");

    private static final List<List<String>> PARTS = List.of(
            List.of(
                    "While scrolling,",
                    "After the launch,",
                    "On the last page,",
                    "Behind the menu,",
                    "Before the login,",
                    "During playback,",
                    "Under the banner,",
                    "Next to the map,",
                    "Above the keyboard,",
                    "Within the form,"),
            List.of(
                    "the list",
                    "the dialog",
                    "the picture",
                    "the counter",
                    "the switch",
                    "the headline",
                    "the order",
                    "the player",
                    "the note",
                    "the address"),
            List.of(
                    "suddenly",
                    "slowly",
                    "twice",
                    "silently",
                    "at once",
                    "for a while",
                    "once more",
                    "partly",
                    "wholly",
                    "as before"),
            List.of(
                    "vanished",
                    "shook",
                    "turned grey",
                    "flickered",
                    "moved away",
                    "changed its language",
                    "stayed empty",
                    "asked again",
                    "went black",
                    "overlapped"),
            List.of(
                    "and nothing could be chosen.",
                    "so the goal was out of reach.",
                    "which the agent did not expect.",
                    "then the app closed.",
                    "and a payment was wanted.",
                    "so typing had no effect.",
                    "though the network was there.",
                    "then another app came up.",
                    "and the result was unclear.",
                    "so it gave up."));

    private ErrorTexts() {}

    /** A text of one cluster, with numbers, ids and names of its own. */
    static String of(String cluster, RandomGenerator random) {
        String text = cluster;
        while (text.contains("<n>")) {
            text = text.replaceFirst("<n>", Integer.toString(random.nextInt(1, 10_000)));
        }
        return text.replace("<id>", HexFormat.of().toHexDigits(random.nextLong()))
                .replace("<name>", Chance.oneOf(NAMES, random));
    }

    /** A text that hardly any other run has, in which there is nothing that could be left out. */
    static String alone(RandomGenerator random) {
        return String.join(
                " ", PARTS.stream().map(part -> Chance.oneOf(part, random)).toList());
    }
}
