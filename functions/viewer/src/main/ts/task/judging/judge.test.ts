import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../../api/api-client.ts';
import type { NewVerdict, Verdict } from '../../api/types.ts';
import { Judge } from './judge.ts';

/** A task with one verdict of a user at most; it records the changes. */
function judgeOf(...verdicts: Verdict[]) {
  const changes: string[] = [];
  const api = {
    caller: () => Promise.resolve({ owner: 'ann' }),
    verdicts: () => Promise.resolve(verdicts),
    setVerdict: async (_: string, verdict: NewVerdict) => {
      await new Promise(setImmediate);
      changes.push(`${verdict.value} ${verdict.reason ?? '-'}`);
      return verdictOf(verdict.value, verdict.reason ?? null);
    },
    deleteVerdict: (_: string, id: number) => {
      changes.push(`delete ${id}`);
      return Promise.resolve();
    },
  };
  return { judge: new Judge(api as unknown as ApiClient, 'task'), changes };
}

function verdictOf(value: Verdict['value'], reason: string | null, author = 'ann'): Verdict {
  return { verdict_id: 7, name: 'success', value, reason, source: 'human', author } as Verdict;
}

test('undo_firstVerdict_isDeleted', async () => {
  const { judge, changes } = judgeOf(verdictOf('pass', 'of another user', 'bob'));
  await judge.judge('fail');
  await judge.undo();
  deepEqual(changes, ['fail -', 'delete 7']);
});

test('undo_earlierVerdict_isRestoredWithItsReason', async () => {
  const { judge, changes } = judgeOf(verdictOf('pass', 'it works'));
  await judge.judge('fail');
  await judge.explain('no');
  await judge.undo();
  deepEqual(changes, ['fail -', 'fail no', 'pass it works']);
});

test('whenExplained_resolvesAfterTheReasonIsSaved', async () => {
  const { judge, changes } = judgeOf();
  await judge.judge('fail');
  const explained = judge.explain('no');
  await judge.whenExplained();
  deepEqual(changes, ['fail -', 'fail no']);
  await explained;
});

test('undo_whileTheReasonIsSaved_comesLast', async () => {
  const { judge, changes } = judgeOf();
  await judge.judge('fail');
  await Promise.all([judge.explain('no'), judge.undo()]);
  deepEqual(changes, ['fail -', 'fail no', 'delete 7']);
});

test('judge_withTheSameValue_keepsTheReason', async () => {
  const { judge, changes } = judgeOf(verdictOf('pass', 'it works'));
  equal((await judge.judge('pass'))?.reason, 'it works');
  deepEqual(changes, []);
  await judge.explain('it still works');
  deepEqual(changes, ['pass it still works']);
});

test('remove_deletesTheVerdict_andUndoRestoresIt', async () => {
  const { judge, changes } = judgeOf(verdictOf('pass', 'it works'));
  await judge.judge('pass');
  await judge.remove();
  equal(await judge.undo(), true);
  deepEqual(changes, ['delete 7', 'pass it works']);
});

test('remove_whileTheReasonIsSaved_comesLast', async () => {
  const { judge, changes } = judgeOf();
  await judge.judge('fail');
  await Promise.all([judge.explain('no'), judge.remove()]);
  deepEqual(changes, ['fail -', 'fail no', 'delete 7']);
});
