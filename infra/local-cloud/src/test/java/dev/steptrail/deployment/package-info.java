/** What is deployed, held to what it promises, as far as that can be seen without an account. */
package dev.steptrail.deployment;
