import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../../api/api-client.ts';
import type { NewVerdict, Verdict } from '../../api/types.ts';
import { Judge } from './judge.ts';

/** A task with one verdict of a user at most; it records the changes. */
async function judgeOf(...verdicts: Verdict[]) {
  const changes: string[] = [];
  const api = {
    caller: () => Promise.resolve({ owner: 'ann' }),
    verdicts: () => Promise.resolve(verdicts),
    setVerdict: (_: string, verdict: NewVerdict) => {
      changes.push(`${verdict.value} ${verdict.reason ?? '-'}`);
      return Promise.resolve(verdictOf(verdict.value, verdict.reason ?? null));
    },
    deleteVerdict: (_: string, id: number) => {
      changes.push(`delete ${id}`);
      return Promise.resolve();
    },
  };
  return { judge: await Judge.of(api as unknown as ApiClient, 'task'), changes };
}

function verdictOf(value: Verdict['value'], reason: string | null, author = 'ann'): Verdict {
  return { verdict_id: 7, name: 'success', value, reason, source: 'human', author } as Verdict;
}

test('of_changesNothing', async () => {
  const { judge, changes } = await judgeOf(verdictOf('pass', 'it works'));
  equal(judge.earlier?.reason, 'it works');
  deepEqual(changes, []);
});

test('undo_firstVerdict_isDeleted', async () => {
  const { judge, changes } = await judgeOf(verdictOf('pass', 'of another user', 'bob'));
  await judge.judge('fail', '');
  await judge.undo();
  deepEqual(changes, ['fail -', 'delete 7']);
});

test('undo_earlierVerdict_isRestoredWithItsReason', async () => {
  const { judge, changes } = await judgeOf(verdictOf('pass', 'it works'));
  await judge.judge('fail', 'no');
  await judge.undo();
  deepEqual(changes, ['fail no', 'pass it works']);
});

test('remove_deletesTheVerdict_andUndoRestoresIt', async () => {
  const { judge, changes } = await judgeOf(verdictOf('pass', 'it works'));
  await judge.remove();
  await judge.undo();
  deepEqual(changes, ['delete 7', 'pass it works']);
});
