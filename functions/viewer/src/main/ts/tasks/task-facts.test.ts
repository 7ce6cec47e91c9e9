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

test('durationOf_timesWithMicroseconds_isWholeMillisecondsBetweenThem_asInTheReport', () => {
  const task = { last_step_at: null, started_at: '2026-05-01T12:00:00.0009Z', ended_at: '2026-05-01T12:00:00.243100Z' };
  equal(durationOf(task), 242);
  equal(durationOf({ ...task, started_at: '2026-05-01T12:00:00Z' }), 243);
});

test('noteOf_success_isTheMessage', () => {
  const task = { success: false, message: 'Done', last_step_number: 4, last_error: { step_number: 4, error: 'No such button' } };
  deepEqual(noteOf({ ...task, success: true }), { kind: 'message', text: 'Done' });
  deepEqual(noteOf(task), { kind: 'error', step: 4, text: 'No such button', isLast: true });
  deepEqual(noteOf({ ...task, success: null, last_error: { step_number: 4, error: null } }), { kind: 'error', step: 4, text: null, isLast: true });
  equal(noteOf({ ...task, message: '', last_error: null }), null);
});

test('noteOf_stepsAfterTheError_sayThatTheTaskWentOn', () => {
  const task = { success: false, message: null, last_error: { step_number: 4, error: 'No such button' } };
  deepEqual([null, 4, 5, 6].map((last) => {
    const note = noteOf({ ...task, last_step_number: last });
    return note?.kind === 'error' && note.isLast;
  }), [true, true, true, false]);
});
