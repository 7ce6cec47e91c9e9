import js from '@eslint/js';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { defineConfig, globalIgnores } from 'eslint/config';
import { configs as typescript } from 'typescript-eslint';

const markupFromText = 'Text must not become markup; use a lit template.';

export default defineConfig(
  globalIgnores(['target/']),
  js.configs.recommended,
  { files: ['*.js', '*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
  {
    files: ['src/**/ts/**/*.ts'],
    extends: [typescript.strictTypeChecked, typescript.stylisticTypeChecked, lit['flat/recommended'], litA11y.configs.recommended],
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'tsconfig.test.json'] } },
    rules: {
      'no-eval': 'error',
      'lit-a11y/no-autofocus': 'off', // only a panel that opens takes the focus
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-imports': ['error', {
        patterns: [{ group: ['lit/directives/unsafe-*', 'lit/static-html.js', 'lit-html', 'lit-html/*'], message: markupFromText }],
      }],
      'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'write', 'writeln']
        .map((property) => ({ property, message: markupFromText }))],
    },
  },
  {
    files: ['**/*.test.ts'],
    // node:test awaits the tests that describe() and test() register.
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
);
