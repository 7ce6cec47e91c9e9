import { deepEqual } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { ApiClient } from './api-client.ts';

test('image_sendsTheTokenToTheApiOnly', async (t) => {
  Object.assign(globalThis, { location: { origin: 'https://steptrail.example' } });
  const tokens: string[] = [];
  const fetched = mock.method(globalThis, 'fetch', (_: string, { headers }: RequestInit) => {
    tokens.push(new Headers(headers).get('x-steptrail-share') ?? 'none');
    return Promise.resolve(new Response(''));
  });
  t.after(() => { fetched.mock.restore(); });
  const api = ApiClient.byLink('token');
  for (const url of ['/api/shared/steps/1.1/screenshot?index=0', 'https://s3.example/api/', '//s3.example/api/']) {
    await api.image(url);
  }
  deepEqual(tokens, ['token', 'none', 'none']);
});
