-- What admins look through: the rejected messages of an owner or a sender, newest first.

CREATE INDEX rejected_messages_of_owner  ON rejected_messages (owner, id);
CREATE INDEX rejected_messages_of_sender ON rejected_messages (sender_id, id);
