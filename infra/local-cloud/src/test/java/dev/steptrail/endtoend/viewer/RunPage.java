package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/** Page object for a run's page. */
record RunPage(Page page) {
    /** Opens the page and waits until the first picture or its placeholder is shown. */
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

    /** Returns the element with a text such as {@code Step 3, 3 of 28}. */
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

    /** Returns the collapsible card with this heading. */
    Locator fold(String heading) {
        return page.locator("main > details").filter(new Locator.FilterOptions().setHasText(heading));
    }

    /** Waits until the stage shows the picture of this step. */
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
