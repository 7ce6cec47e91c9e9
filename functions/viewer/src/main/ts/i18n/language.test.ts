import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from './language.ts';

test('chooseLanguage returns the first language that has texts', () => {
  assert.equal(chooseLanguage(['', 'fr', 'zh-Hans-CN', 'en']), 'zh');
  assert.equal(chooseLanguage(['EN-gb', 'zh']), 'en');
});

test('chooseLanguage returns English if no language has texts', () => {
  assert.equal(chooseLanguage([]), 'en');
  assert.equal(chooseLanguage(['fr', 'toString']), 'en');
});
