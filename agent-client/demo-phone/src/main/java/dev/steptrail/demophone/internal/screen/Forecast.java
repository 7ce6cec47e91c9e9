package dev.steptrail.demophone.internal.screen;

import java.util.List;

/** The invented weather of a city. */
record Forecast(String city, String sky, int now, int low, int high, String advice) {
    static final List<Forecast> CITIES = List.of(
            new Forecast("北京", "晴", 27, 17, 30, "紫外线较强，出门请防晒"),
            new Forecast("上海", "小雨", 22, 19, 24, "有小雨，出门请带伞"),
            new Forecast("杭州", "多云", 24, 18, 27, "早晚偏凉，可加一件外套"),
            new Forecast("广州", "雷阵雨", 29, 25, 32, "午后有雷阵雨，留意积水"),
            new Forecast("成都", "阴", 21, 17, 23, "空气潮湿，适合在室内活动"),
            new Forecast("西安", "晴", 26, 15, 29, "空气干燥，请多喝水"),
            new Forecast("哈尔滨", "多云", 18, 9, 21, "昼夜温差大，注意保暖"),
            new Forecast("昆明", "晴", 23, 14, 25, "天气舒适，适合户外活动"),
            new Forecast("拉萨", "晴", 16, 6, 20, "紫外线很强，请戴墨镜"));

    String range() {
        return low + "° / " + high + "°";
    }
}
