/**
 * What steps teach: the rules, of one run and of many. They read nothing and keep nothing; whoever has the steps shows them, and gets what
 * was found. Each rule also works for runs without screenshots.
 */
@NullMarked
package dev.steptrail.insights;

import org.jspecify.annotations.NullMarked;
