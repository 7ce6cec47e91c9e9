/** Writes tasks, steps, screenshots, reports and paged lists as JSON, within the size limit of a Lambda response. */
package dev.steptrail.api.json;
