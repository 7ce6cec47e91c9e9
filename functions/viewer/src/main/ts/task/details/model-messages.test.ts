import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readMessages } from './model-messages.ts';

test('readMessages_chat_hasTextsAndScreenshots', () => {
  const input = [
    { role: 'system', content: 'You control a phone.' },
    { role: 'user', content: [{ type: 'text', text: 'Open settings' }, { type: 'image_url', image_url: { url: { frame: 'before' } } }] },
  ];
  const messages = [
    { role: 'system', parts: [{ kind: 'text', text: 'You control a phone.' }] },
    { role: 'user', parts: [{ kind: 'text', text: 'Open settings' }, { kind: 'screenshot', role: 'before' }] },
  ];
  deepEqual(readMessages(input), messages);
  deepEqual(readMessages({ model: 'm', messages: input }), messages);
});

test('readMessages_unknownPart_isJson', () => {
  deepEqual(readMessages([{ role: 'user', content: { type: 'audio' } }]), [
    { role: 'user', parts: [{ kind: 'text', text: '{\n  "type": "audio"\n}' }] },
  ]);
});

test('readMessages_otherForm_isNull', () => {
  for (const value of ['text', null, [], [{ content: 'x' }], { prompt: 'x' }, 7]) {
    equal(readMessages(value), null);
  }
});
