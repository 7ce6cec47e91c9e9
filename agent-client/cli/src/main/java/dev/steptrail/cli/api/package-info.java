/** The client of the Steptrail API. Depends neither on AWS nor on the outbox. */
package dev.steptrail.cli.api;
