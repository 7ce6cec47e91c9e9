/** The whole path on real components: the programs as they are packaged, on the template that is deployed. */
package dev.steptrail.endtoend;
