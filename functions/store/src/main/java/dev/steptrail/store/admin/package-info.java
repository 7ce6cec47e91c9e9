/** Administration of agents, share links and rejected messages, and the audit log. */
package dev.steptrail.store.admin;
