/** What runs by itself, or when the stack is deployed. */
package dev.steptrail.operations;
