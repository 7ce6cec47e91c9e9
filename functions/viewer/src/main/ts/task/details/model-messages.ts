/** One part of a message: text, a reference to a screenshot of the step, or anything else as JSON. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'screenshot'; readonly role: string };

/** A message of a chat with a model. */
export interface ModelMessage {
  readonly role: string;
  readonly parts: readonly MessagePart[];
}

/**
 * Reads the messages of a chat in the form of the OpenAI API: a list of objects with `role` and `content`, or an object that contains
 * the list as `messages`.
 *
 * @return null if the value has another form
 */
export function readMessages(value: unknown): ModelMessage[] | null {
  const list = isObject(value) ? value['messages'] : value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((each) => isObject(each) && typeof each['role'] === 'string')) {
    return null;
  }
  return (list as Record<string, unknown>[]).map((message) => ({ role: String(message['role']), parts: readParts(message['content']) }));
}

function readParts(content: unknown): MessagePart[] {
  return (Array.isArray(content) ? content : [content]).map((part: unknown) => {
    const text = isObject(part) ? part['text'] : part;
    const role = frameIn(part);
    if (role !== null) {
      return { kind: 'screenshot', role };
    }
    return { kind: 'text', text: typeof text === 'string' ? text : JSON.stringify(part, null, 2) };
  });
}

/** Returns the role of the frame to which a part refers, such as `{"image_url":{"url":{"frame":"before"}}}`; null if to none. */
function frameIn(value: unknown): string | null {
  if (!isObject(value)) {
    return null;
  }
  if (typeof value['frame'] === 'string') {
    return value['frame'];
  }
  for (const each of Object.values(value)) {
    const found = frameIn(each);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
