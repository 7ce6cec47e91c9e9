/** Functions of the test template. */
package dev.steptrail.localcloud.handlers;
