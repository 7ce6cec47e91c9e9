/** What Lambda gives a function, and what it signs by it. The AWS SDK would take most of a second to load. */
package dev.steptrail.aws;
