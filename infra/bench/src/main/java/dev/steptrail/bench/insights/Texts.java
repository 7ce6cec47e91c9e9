package dev.steptrail.bench.insights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What people ask of phones, and what is on them. No two tasks differ by a number or a quoted name alone. */
final class Texts {
    private static final List<List<String>> TASKS = List.of(
            List.of("打开微信，给%s发一条消息", "妈妈", "小王", "老师", "房东", "同事"),
            List.of("在淘宝搜索%s，按销量排序，收藏第一个", "蓝牙耳机", "机械键盘", "登山鞋", "保温杯", "台灯"),
            List.of("查一下%s明天的天气", "北京", "上海", "成都", "广州", "哈尔滨"),
            List.of("在美团点一份%s，送到公司", "黄焖鸡", "麻辣烫", "酸菜鱼", "牛肉面", "寿司"),
            List.of("用高德地图导航到%s", "最近的加油站", "火车南站", "市图书馆", "人民公园", "第一医院"),
            List.of("在哔哩哔哩看%s的最新视频，点赞并收藏", "纪录片频道", "做饭的朋友", "数学老师", "摄影协会", "手工课"),
            List.of("在携程订一张去%s的高铁票，停在付款页", "杭州", "西安", "厦门", "青岛", "昆明"),
            List.of("把手机设置里的%s打开", "深色模式", "护眼模式", "省电模式", "自动旋转", "位置信息"),
            List.of("Set an alarm for %s and name it", "early morning", "noon", "the evening run", "midnight", "tea"),
            List.of("Find a recipe for %s and save it to my notes", "bread", "dumplings", "curry", "pancakes", "soup"),
            List.of("Send the last photo to %s by mail", "my sister", "the office", "my landlord", "Anna", "Tom"),
            List.of("Play %s and turn the volume down", "some jazz", "a podcast", "the news", "rain sounds", "opera"),
            List.of("Book a table for two at a %s place", "Sichuan", "Thai", "vegan", "seafood", "hotpot"),
            List.of("Translate the note about %s to Chinese", "the flat", "school", "my trip", "the car", "work"),
            List.of("Compare prices of %s in two shops", "tents", "headphones", "desks", "bicycles", "rice cookers"),
            List.of("Turn off notifications of %s", "games", "shopping apps", "the calendar", "chats", "news apps"));

    private static final int CHOICES = 5;

    static final List<String> APPS =
            List.of("微信", "淘宝", "高德地图", "美团", "哔哩哔哩", "设置", "携程", "Notes", "Clock", "Chrome", "Gmail", "Spotify");

    /** Apps that no phone here has. */
    static final List<String> UNKNOWN_APPS =
            List.of("天气", "相机", "录音机", "万能遥控", "手电筒", "Compass", "Paint", "FM Radio", "Ruler", "旅行助手");

    static final List<String> TYPED = List.of(
            "你好",
            "咖啡",
            "下午三点见",
            "保温杯",
            "回家的路",
            "生日快乐",
            "排骨",
            "高铁",
            "周末",
            "蓝色",
            "会议记录",
            "图书馆",
            "good morning",
            "tea",
            "see you soon",
            "blue tent",
            "table for two",
            "rain",
            "window seat",
            "shopping list",
            "thanks",
            "bread",
            "meeting",
            "jazz");

    static final List<String> FOR_A_PERSON = List.of("请输入短信验证码", "请完成登录", "Please solve the captcha");

    static final List<String> THOUGHTS = List.of(
            "当前屏幕显示的是应用的主界面，我需要点击下一步要用到的按钮。",
            "页面已经加载完成，我看到了目标选项，现在点击它。",
            "The page has opened. The entry that I need is in its middle, so I go on with it.",
            "I see the list; what was asked for is not on it yet, so I look further down.",
            "还没有看到想要的内容，我再试一下别的入口。",
            "The keyboard is open and the field is empty. I do what comes next.");

    private Texts() {}

    /** All tasks, a Chinese and an English one in turns. */
    static List<String> tasks() {
        List<String> tasks = new ArrayList<>();
        int half = TASKS.size() / 2;
        for (int choice = 1; choice <= CHOICES; choice++) {
            for (int template = 0; template < half; template++) {
                tasks.add(filled(TASKS.get(template), choice));
                tasks.add(filled(TASKS.get(half + template), choice));
            }
        }
        return Collections.unmodifiableList(tasks);
    }

    private static String filled(List<String> template, int choice) {
        return template.get(0).replace("%s", template.get(choice));
    }
}
