import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { StepAddress, changeHash, parameterInHash, stepInHash } from './address.ts';

/** Replaces the address of the window. Returns a function that returns all addresses which replaced it. */
function openAddress(pathname: string, search: string, hash: string): () => readonly string[] {
  const replaced: string[] = [];
  const location = { pathname, search, hash };
  const history = {
    replaceState: (_: unknown, __: string, address: string) => {
      location.hash = new URL(address, 'https://steptrail.example').hash;
      replaced.push(address);
    },
  };
  Object.assign(globalThis, { location, history });
  return () => replaced;
}

test('stepInHash_valueThatNoStepHas_isNull', () => {
  const steps = ['7', '2147483647', '0', '-1', '1.5', '2147483648', 'x', ''].map((value) => stepInHash('step', `#tab=json&step=${value}`));
  deepEqual(steps, [7, 2_147_483_647, null, null, null, null, null, null]);
  equal(stepInHash('step', '#b=7'), null);
  equal(stepInHash('step', ''), null);
});

test('changeHash_changesItsParametersOnly', () => {
  const replaced = openAddress('/compare', '?a=1&b=2', '#a=3&b=5');
  changeHash({ a: '4', tab: 'notes & more' });
  equal(parameterInHash('tab'), 'notes & more');
  changeHash({ a: null, tab: null });
  equal(parameterInHash('tab'), '');
  equal(stepInHash('b'), 5);
  changeHash({ b: null });
  deepEqual(replaced(), ['/compare?a=1&b=2#a=4&b=5&tab=notes+%26+more', '/compare?a=1&b=2#b=5', '/compare?a=1&b=2']);
});

test('set_severalChangesInAShortTime_writesTheLastOneAfterAPause', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const replaced = openAddress('/tasks/1', '', '#tab=json');
  const address = new StepAddress();
  address.set({ step: 2 });
  mock.timers.tick(149);
  address.set({ step: 3 });
  mock.timers.tick(149);
  deepEqual(replaced(), []);
  mock.timers.tick(1);
  address.set({ step: null });
  mock.timers.tick(150);
  deepEqual(replaced(), ['/tasks/1#tab=json&step=3', '/tasks/1#tab=json']);
});

test('cancel_changeThatIsNotWrittenYet_isDropped', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const replaced = openAddress('/tasks/1', '', '');
  const address = new StepAddress();
  address.set({ step: 2 });
  address.cancel();
  mock.timers.tick(150);
  deepEqual(replaced(), []);
});
