/** What users and admins ask of the API, by its address and their token; nothing of AWS, and nothing of the outbox. */
package dev.steptrail.cli.api;
