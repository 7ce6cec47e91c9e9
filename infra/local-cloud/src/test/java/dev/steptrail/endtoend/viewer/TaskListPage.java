package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;

/** Page object for the list of tasks. */
record TaskListPage(Page page) {
    static TaskListPage open(Page page, String query) {
        page.navigate("/" + query);
        page.locator(".filters").waitFor();
        return new TaskListPage(page);
    }

    Locator tasks() {
        return page.locator(".tasks > li");
    }

    Locator names() {
        return tasks().locator("h2 a");
    }

    Locator field(String label) {
        return page.locator(".filters").getByLabel(label);
    }

    void choose(String label, String option) {
        field(label).selectOption(new SelectOption().setLabel(option));
    }

    /** Enters a value and leaves the field. */
    void enter(String label, String value) {
        field(label).fill(value);
        field(label).blur();
    }
}
