/**
 * What Lambda gives a function, what it signs by it, and what it tells of itself: metrics and log lines. The AWS SDK would take most of
 * a second to load.
 */
package dev.steptrail.aws;
