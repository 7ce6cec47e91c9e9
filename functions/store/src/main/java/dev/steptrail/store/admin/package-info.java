/** What admins and owners manage: agents, share links, rejected messages, kept tasks, and the audit log. */
package dev.steptrail.store.admin;
