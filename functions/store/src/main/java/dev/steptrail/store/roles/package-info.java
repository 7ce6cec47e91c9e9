/** The database roles of a stack: the owner of the tables, and a login for each function with its privileges. */
package dev.steptrail.store.roles;
