-- Which text is next?

-- When its turn is: those that wait longest come first, and one that failed comes again later, so that it keeps none of the others waiting.
ALTER TABLE stale_texts
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT now();

CREATE INDEX stale_texts_by_turn ON stale_texts (due_at, owner, task_text);
