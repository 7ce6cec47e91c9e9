import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { listAddress, rememberListAddress } from './list-address.ts';

test('listAddress_isTheLastOneOfTheTab_orElseTheListWithoutFilters_atTheTask', () => {
  const stored = new Map<string, string>();
  const sessionStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => { stored.set(key, value); },
  };
  Object.assign(globalThis, { sessionStorage });
  equal(listAddress('task'), '/#task');
  rememberListAddress('/?status=failed');
  rememberListAddress('/?agent=a&view=grid');
  equal(listAddress('task'), '/?agent=a&view=grid#task');
});
