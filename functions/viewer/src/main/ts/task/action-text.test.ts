import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { actionIcon, describeStep, markOf } from './action-text.ts';
import { testStep } from './test-steps.ts';
import { en, zh } from './texts.ts';

const step = (action: Record<string, unknown> | null) => testStep(1, { action });
const doing = (action: string, parameters: Record<string, unknown> = {}) => step({ _metadata: 'do', action, ...parameters });

test('describeStep_knownActions_areSentences', () => {
  const sentences: [ReturnType<typeof step>, string][] = [
    [doing('Tap', { element: [713, 890] }), 'Tap (713, 890)'],
    [doing('Tap', { element: 'somewhere' }), 'Tap'],
    [doing('Type', { text: 'hello' }), 'Type “hello”'],
    [doing('Launch', { app: 'Settings' }), 'Open Settings'],
    [doing('Swipe', { start: [500, 800], end: [500, 200] }), 'Swipe up'],
    [doing('Swipe', { start: [100, 500], end: [900, 510] }), 'Swipe right'],
    [doing('Wait', { duration: '2 seconds' }), 'Wait 2 seconds'],
    [doing('Wait', { duration: '1.5s' }), 'Wait 1.5 seconds'],
    [doing('Wait', { duration: 'until noon' }), 'Wait until noon'],
    [step({ _metadata: 'finish', message: 'Done' }), 'Finish: Done'],
    [doing('Scroll', { text: 'list' }), 'Scroll list'],
  ];
  deepEqual(sentences.map(([each]) => describeStep(each, en)), sentences.map(([, sentence]) => sentence));
  equal(describeStep(doing('Type', { text: '你好' }), zh), '输入“你好”');
});

test('describeStep_withoutAction_isItsType', () => {
  equal(describeStep(step(null), en), 'Action');
  equal(describeStep({ ...step(null), step_type: 'plan' }, en), 'plan');
  equal(describeStep({ ...step(null), step_type: 'constructor' }, en), 'constructor');
  equal(describeStep({ ...step(null), attachments: [{ field: 'action', file_hash: '', file_size: 1, original_size: 90_000 }] }, en), 'Action (too long to store)');
});

test('markOf_actionWithAPlace_isDrawn', () => {
  deepEqual(markOf(doing('Tap', { element: [713, 890] })), { kind: 'tap', at: [713, 890] });
  deepEqual(markOf(doing('Swipe', { start: [1, 2], end: [3, 4] })), { kind: 'swipe', from: [1, 2], to: [3, 4] });
  deepEqual(markOf(doing('Type', { text: 'hello' })), { kind: 'text', text: 'hello' });
  equal(markOf(doing('Back')), null);
});

test('markOf_invalidAction_isNull', () => {
  const invalid = [
    doing('Tap', { element: [1001, 0] }),
    doing('Tap', { element: [500] }),
    doing('Tap', { element: ['1', '2'] }),
    doing('Tap', { element: { x: 1 } }),
    doing('Swipe', { start: [5000, 1], end: [1, 1] }),
    doing('Type', { text: ['a'] }),
    doing('constructor', { element: [1, 1] }),
    step({ action: 7 }),
    step(null),
  ];
  deepEqual(invalid.map(markOf), invalid.map(() => null));
});

test('actionIcon_unknownAction_isADocument', () => {
  equal(actionIcon(doing('Tap')), 'tap');
  equal(actionIcon(doing('toString')), 'document');
  equal(actionIcon(step(null)), 'document');
});
