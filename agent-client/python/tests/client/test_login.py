"""The client uses and renews what the real `steptrail login` stored, and the command uses what the client stored."""
