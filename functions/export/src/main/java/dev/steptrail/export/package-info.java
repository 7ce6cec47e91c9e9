/** Makes what takes too long for an answer, and puts it into the bucket: reports as HTML and PDF, whole tasks as ZIP, many as JSON Lines. */
package dev.steptrail.export;
