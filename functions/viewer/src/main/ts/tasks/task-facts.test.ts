import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { durationOf, instructionOf, noteOf } from './task-facts.ts';

test('instructionOf_withoutDescription_isTheName', () => {
  equal(instructionOf({ description: 'Open Settings', name: 'settings' }), 'Open Settings');
  equal(instructionOf({ description: ' ', name: 'settings' }), 'settings');
  equal(instructionOf({ description: null, name: null }), '');
});

test('durationOf_runningTask_endsAtTheLastStep', () => {
  const task = { started_at: '2026-05-01T12:00:00Z', last_step_at: '2026-05-01T12:00:05Z', ended_at: null };
  equal(durationOf(task), 5000);
  equal(durationOf({ ...task, ended_at: '2026-05-01T12:00:07Z' }), 7000);
  equal(durationOf({ ...task, last_step_at: null }), null);
  equal(durationOf({ ...task, last_step_at: '2026-05-01T11:59:59Z' }), 0);
});

test('noteOf_success_isTheMessage', () => {
  const error = { step_number: 4, error: 'No such button' };
  deepEqual(noteOf({ success: true, message: 'Done', last_error: error }), { kind: 'message', text: 'Done' });
  deepEqual(noteOf({ success: false, message: 'Done', last_error: error }), { kind: 'error', step: 4, text: 'No such button' });
  deepEqual(noteOf({ success: null, message: null, last_error: { step_number: 4, error: null } }), { kind: 'error', step: 4, text: null });
  equal(noteOf({ success: false, message: '', last_error: null }), null);
});
