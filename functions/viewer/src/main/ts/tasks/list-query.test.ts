import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, hasFilters, parseQuery, taskQueryOf, toggleTag, withFilter, withoutFilters } from './list-query.ts';

test('parseQuery_addressOfThePage_isTheSameAgain', () => {
  const address = '/?text=open+settings&status=failed&metadata.app=8.1&tag=a&tag=b&group=instruction&view=grid';
  const query = parseQuery(address.slice(1));
  deepEqual(query, {
    filters: { text: 'open settings', status: 'failed', 'metadata.app': '8.1' }, tags: ['a', 'b'], group: 'instruction', isGrid: true,
  });
  equal(addressOf(query), address);
});

test('parseQuery_unknownOrInvalidParameters_areIgnored', () => {
  deepEqual(parseQuery('?nothing=1&since=yesterday&agent=+&metadata.=x&group=agent&view=list&tag='), {
    filters: {}, tags: [], group: null, isGrid: false,
  });
  equal(addressOf(parseQuery('?nothing=1')), '/');
});

test('parseQuery_time_isInUtc', () => {
  equal(parseQuery('?since=2026-05-01T12:00:00%2B08:00').filters['since'], '2026-05-01T04:00:00.000Z');
  equal(parseQuery('?until=2026-05-01T12:00').filters['until'], new Date(2026, 4, 1, 12).toISOString());
});

test('parseQuery_moreTagsThanTheApiAccepts_keepsTheFirstDifferentOnes', () => {
  deepEqual(parseQuery('?tag=1&tag=2&tag=+2+&tag=+&tag=3&tag=4&tag=5&tag=6').tags, ['1', '2', '3', '4', '5']);
});

test('withFilter_emptyValue_removesTheFilter', () => {
  const query = withFilter(parseQuery('?agent=a'), 'model', ' m ');
  deepEqual(query.filters, { agent: 'a', model: 'm' });
  deepEqual(withFilter(query, 'agent', ' ').filters, { model: 'm' });
});

test('toggleTag_selectsAndDeselects_upToTheLimitOfTheApi', () => {
  const query = parseQuery('?tag=1&tag=2&tag=3&tag=4&tag=5');
  deepEqual(toggleTag(query, '6').tags, ['1', '2', '3', '4', '5']);
  deepEqual(toggleTag(query, '3').tags, ['1', '2', '4', '5']);
});

test('taskQueryOf_hasOnlyFilters', () => {
  deepEqual(taskQueryOf(parseQuery('?agent=a&tag=t&group=instruction&view=grid')), { agent: 'a', tag: ['t'] });
  deepEqual(taskQueryOf(parseQuery('?agent=a')), { agent: 'a' });
});

test('hasFilters_groupingAndView_areNone', () => {
  equal(hasFilters(parseQuery('?group=instruction&view=grid')), false);
  equal(hasFilters(parseQuery('?tag=t')), true);
  equal(hasFilters(withoutFilters(parseQuery('?tag=t&agent=a'))), false);
});
