import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from './problem.ts';

test('isTransient_noResponse_rateLimitAndServerErrors_areTransient', () => {
  const transient = [0, 400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 500, 502, 503, 504].filter((status) => new Problem(status, '').isTransient);
  deepEqual(transient, [0, 429, 500, 502, 503, 504]);
});
