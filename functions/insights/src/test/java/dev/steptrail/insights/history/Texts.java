package dev.steptrail.insights.history;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Instructions, apps, and errors. No two instructions differ only by a number or a quoted name. */
final class Texts {
    /** Error messages that several runs share, with a different number, id, or name in each run. */
    static final List<String> COMMON_ERRORS =
            list("Element not found at (<n>, <n>) after <n> ms|Device <id> is offline|"
                    + "adb: transport closed while reading <n> bytes|Button '<name>' is not clickable|"
                    + "Request <id> failed: the model answered with status <n>|找不到名为“<name>”的控件|页面加载超时，已等待 <n> 秒|"
                    + "Permission dialog \"<name>\" blocks session <id>");

    static final List<String> APPS = list("微信|淘宝|高德地图|美团|哔哩哔哩|设置|携程|Notes|Clock|Chrome|Gmail|Spotify");

    /** Apps that are not installed on any phone. */
    static final List<String> UNKNOWN_APPS = list("天气|相机|录音机|万能遥控|手电筒|Compass|Paint|FM Radio|Ruler|旅行助手");

    static final List<String> TYPED = list("你好|咖啡|下午三点见|保温杯|回家的路|生日快乐|排骨|高铁|周末|蓝色|会议记录|图书馆|good morning|tea|"
            + "see you soon|blue tent|table for two|rain|window seat|shopping list|thanks|bread|meeting|jazz");

    static final List<String> REQUESTS_TO_USER = list("请输入短信验证码|请完成登录|Please solve the captcha");

    static final List<String> THOUGHTS = list("当前屏幕显示的是应用的主界面，我需要点击下一步要用到的按钮。|页面已经加载完成，我看到了目标选项，现在点击它。|"
            + "The page has opened. The entry that I need is in its middle, so I go on with it.|"
            + "I see the list; what was asked for is not on it yet, so I look further down.|还没有看到想要的内容，我再试一下别的入口。|"
            + "The keyboard is open and the field is empty. I do what comes next.");

    private static final List<String> NAMES = list("确定|下一步|允许|Save|Send|Next|提交|Search");

    /** The parts of an error message that is nearly unique. */
    private static final List<List<String>> UNIQUE_ERROR = List.of(
            list("While scrolling,|After the launch,|On the last page,|Behind the menu,|Before the login,|During"
                    + " playback,|Under the banner,|Next to the map,|Above the keyboard,|Within the form,"),
            list("the list|the dialog|the picture|the counter|the switch|the headline|the order|the player|the"
                    + " note|the address"),
            list("suddenly|slowly|twice|silently|at once|for a while|once more|partly|wholly|as before"),
            list("vanished|shook|turned grey|flickered|moved away|changed its language|stayed empty|asked"
                    + " again|went black|overlapped"),
            list("and nothing could be chosen.|so the goal was out of reach.|which the agent did not expect.|then"
                    + " the app closed.|and a payment was wanted.|so typing had no effect.|though the network was"
                    + " there.|then another app came up.|and the result was unclear.|so it gave up."));

    /** A template and its five choices. */
    private static final List<List<String>> CHINESE = List.of(
            list("打开微信，给%s发一条消息|妈妈|小王|老师|房东|同事"),
            list("在淘宝搜索%s，按销量排序，收藏第一个|蓝牙耳机|机械键盘|登山鞋|保温杯|台灯"),
            list("查一下%s明天的天气|北京|上海|成都|广州|哈尔滨"),
            list("在美团点一份%s，送到公司|黄焖鸡|麻辣烫|酸菜鱼|牛肉面|寿司"),
            list("用高德地图导航到%s|最近的加油站|火车南站|市图书馆|人民公园|第一医院"),
            list("在哔哩哔哩看%s的最新视频，点赞并收藏|纪录片频道|做饭的朋友|数学老师|摄影协会|手工课"),
            list("在携程订一张去%s的高铁票，停在付款页|杭州|西安|厦门|青岛|昆明"),
            list("把手机设置里的%s打开|深色模式|护眼模式|省电模式|自动旋转|位置信息"));

    private static final List<List<String>> ENGLISH = List.of(
            list("Set an alarm for %s and name it|early morning|noon|the evening run|midnight|tea"),
            list("Find a recipe for %s and save it to my notes|bread|dumplings|curry|pancakes|soup"),
            list("Send the last photo to %s by mail|my sister|the office|my landlord|Anna|Tom"),
            list("Play %s and turn the volume down|some jazz|a podcast|the news|rain sounds|opera"),
            list("Book a table for two at a %s place|Sichuan|Thai|vegan|seafood|hotpot"),
            list("Translate the note about %s to Chinese|the flat|school|my trip|the car|work"),
            list("Compare prices of %s in two shops|tents|headphones|desks|bicycles|rice cookers"),
            list("Turn off notifications of %s|games|shopping apps|the calendar|chats|news apps"));

    private Texts() {}

    private static List<String> list(String joined) {
        return List.of(joined.split("\\|"));
    }

    /** Returns all 80 instructions, alternating between Chinese and English. */
    static List<String> instructions() {
        List<String> all = new ArrayList<>();
        for (int choice = 1; choice <= 5; choice++) {
            for (int template = 0; template < CHINESE.size(); template++) {
                all.add(filled(CHINESE.get(template), choice));
                all.add(filled(ENGLISH.get(template), choice));
            }
        }
        return all;
    }

    private static String filled(List<String> template, int choice) {
        return template.get(0).replace("%s", template.get(choice));
    }

    /** Returns a common error with a random number, id, and name. */
    static String error(String common, RandomGenerator random) {
        String text = common;
        while (text.contains("<n>")) {
            text = text.replaceFirst("<n>", Integer.toString(random.nextInt(1, 10_000)));
        }
        return text.replace("<id>", HexFormat.of().toHexDigits(random.nextLong()))
                .replace("<name>", Chance.oneOf(NAMES, random));
    }

    static String uniqueError(RandomGenerator random) {
        return String.join(
                " ",
                UNIQUE_ERROR.stream().map(part -> Chance.oneOf(part, random)).toList());
    }
}
