package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** Page object for the page of a task, in English. */
record TaskPage(Page page) {
    /** Opens the page and waits for its stage, which may still be empty. */
    static TaskPage open(Page page, String task, String more) {
        page.navigate("/tasks/" + task + more);
        TaskPage opened = new TaskPage(page);
        opened.stage().waitFor();
        return opened;
    }

    static TaskPage open(Page page, String task) {
        return open(page, task, "");
    }

    Locator bar() {
        return page.locator("st-task-bar");
    }

    Locator outcome() {
        return bar().locator("st-outcome");
    }

    /** Returns the segment with this verdict, such as {@code Pass}. */
    Locator verdict(String name) {
        return named(bar(), name);
    }

    Locator stage() {
        return page.locator("st-stage");
    }

    Locator canvas() {
        return stage().locator("canvas");
    }

    Locator controls() {
        return page.locator("st-playback-controls");
    }

    Locator button(String name) {
        return named(controls(), name);
    }

    Locator speed() {
        return controls().getByLabel("Speed");
    }

    /** Returns the element with a text such as {@code 3 / 28}. */
    Locator position() {
        return controls().locator(".position");
    }

    Locator timeline() {
        return page.locator("st-timeline");
    }

    Locator filmStrip() {
        return page.locator("st-film-strip");
    }

    /** Returns the button of the film strip at this place, which counts from 1. */
    Locator thumbnail(int place) {
        return filmStrip().locator("li[data-place='" + (place - 1) + "'] button");
    }

    /** Returns the displayed rows of the list of steps. */
    Locator steps() {
        return page.locator("st-step-list li");
    }

    Locator step(int number) {
        return page.locator("st-step-list li[data-step='" + number + "']");
    }

    Locator search() {
        return page.locator("st-step-list input[type=search]");
    }

    /** Opens a tab of the details, such as {@code findings}, and returns its content. */
    Locator tab(String name) {
        page.locator("st-details #tab-" + name).click();
        return page.locator("st-" + name + "-tab");
    }

    /** Opens the dialog that creates links, and returns it. */
    Locator share() {
        named(bar(), "Share").click();
        return page.locator("st-share-dialog");
    }

    /** Creates a link by the dialog and returns it. */
    String createLink() {
        Locator dialog = share();
        dialog.locator("button.primary").click();
        dialog.locator(".link input").waitFor();
        return dialog.locator(".link input").inputValue();
    }

    /** Opens the dialog that offers files, and returns it. */
    Locator export() {
        named(bar(), "Export").click();
        return page.locator("st-export-dialog");
    }

    /** Exports the task in a format, by the dialog. */
    Download download(String format) {
        Locator button = page.locator("st-export-dialog [data-format=" + format + "]");
        if (!button.isVisible()) {
            export();
        }
        return page.waitForDownload(button::click);
    }

    /** Opens the menu with more actions, and chooses one. */
    void choose(String action) {
        named(bar(), "More").click();
        bar().getByRole(AriaRole.MENUITEM, new Locator.GetByRoleOptions().setName(action))
                .click();
    }

    /** Waits until the stage shows the screenshot of this step. A second one with the role other is {@code other2}. */
    TaskPage awaitPicture(String view, int number) {
        page.locator("st-stage[state=shown][shown='" + number + " " + view + " screenshot']")
                .waitFor();
        return this;
    }

    /** Waits until this step is the current one, whatever the stage shows. */
    TaskPage awaitStep(int number) {
        page.locator("st-timeline[aria-valuetext^='Step " + number + ",']").waitFor();
        return this;
    }

    void press(String key) {
        page.keyboard().press(key);
    }

    private static Locator named(Locator parent, String name) {
        return parent.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
