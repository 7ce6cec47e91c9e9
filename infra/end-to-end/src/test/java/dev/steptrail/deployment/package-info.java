/** Tests of the deployed templates that need no AWS account. */
package dev.steptrail.deployment;
