package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** Page object for the list of tasks. */
record TaskListPage(Page page) {
    static TaskListPage open(Page page, String query) {
        page.navigate("/" + query);
        page.locator("st-filter-bar").waitFor();
        return new TaskListPage(page);
    }

    /** The tasks, as rows or as cards. */
    Locator tasks() {
        return page.locator("st-task-table [data-task]");
    }

    /** The instructions, which are links. */
    Locator names() {
        return tasks().locator("a");
    }

    Locator task(String instruction) {
        return tasks().filter(new Locator.FilterOptions().setHasText(instruction));
    }

    Locator search() {
        return page.getByLabel("Search instructions");
    }

    /** A filter, by the name of its parameter, or {@code time}. */
    Locator filter(String name) {
        return page.locator("st-filter-chip[data-filter='" + name + "']");
    }

    /** Opens the panel of a filter. */
    Locator openFilter(String name) {
        Locator filter = filter(name);
        filter.locator(".trigger").click();
        return filter;
    }

    void choose(String name, String value) {
        openFilter(name)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(value))
                .last() // the first is the filter itself once it has this value
                .click();
    }

    void clear(String name) {
        filter(name).locator("button.clear").click();
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    void select(String instruction) {
        task(instruction).getByRole(AriaRole.CHECKBOX).check();
    }

    Locator selectionBar() {
        return page.locator("st-selection-bar");
    }
}
