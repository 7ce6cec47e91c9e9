/** What admins and owners manage: agents, share links, rejected messages, and the audit log. */
package dev.steptrail.store.admin;
