package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/** The page of one run, as its reader handles it. */
record RunPage(Page page) {
    /** Opens it and waits until its first picture, or what stands for it, is there. */
    static RunPage open(Page page, String task, String more) {
        page.navigate("/tasks/" + task + more);
        RunPage run = new RunPage(page);
        run.stage().and(page.locator("[data-state]")).waitFor();
        return run;
    }

    static RunPage open(Page page, String task) {
        return open(page, task, "");
    }

    Locator player() {
        return page.locator(".player");
    }

    Locator stage() {
        return page.locator(".player .stage");
    }

    Locator canvas() {
        return stage().locator("canvas");
    }

    /** Such as {@code Step 3, 3 of 28}. */
    Locator position() {
        return page.locator(".player .position");
    }

    Locator button(String name) {
        return player().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator scrub() {
        return player().locator("input.scrub");
    }

    Locator steps() {
        return page.locator(".steps .step");
    }

    Locator step(int number) {
        return page.locator(".steps .step[data-step='" + number + "']");
    }

    Locator search() {
        return page.locator(".steps input[type=search]");
    }

    /** The card under a heading that can be folded. */
    Locator fold(String heading) {
        return page.locator("main > details").filter(new Locator.FilterOptions().setHasText(heading));
    }

    /** Waits until the picture of this step is drawn, and not another one's. */
    RunPage awaitPicture(String role, int number) {
        page.locator(".player .stage[data-state=shown] canvas[aria-label^='Screen " + role + " step " + number + ".']")
                .waitFor();
        return this;
    }

    RunPage awaitStep(int number) {
        position()
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^Step " + number + ",")))
                .waitFor();
        return this;
    }

    void press(String key) {
        page.keyboard().press(key);
    }
}
