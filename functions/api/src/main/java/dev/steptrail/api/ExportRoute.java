package dev.steptrail.api;

import dev.steptrail.report.ExportKey.Format;

/** {@code GET /api/tasks/{task_id}/export}: the whole task as a ZIP, whose page is in {@code lang=en} (the default) or {@code zh}. */
record ExportRoute(Exports exports) implements Route.TaskHandler {
    @Override
    public Response answer(View view, Query query) {
        return exports.answer(view.task(), query.language(), Format.ZIP, query.redirects());
    }
}
