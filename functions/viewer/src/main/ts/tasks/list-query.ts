import type { TaskQuery } from '../api/types.ts';

/** Filters with one value, by the names of the parameters of `GET /api/tasks`. */
const NAMES = ['text', 'status', 'verdict', 'agent', 'model', 'device_id', 'experiment', 'case_id', 'owner', 'since', 'until'] as const;
const METADATA = /^metadata\.[^.]/;
const MAX_TAGS = 5;

export const GROUPINGS = ['instruction', 'experiment'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the page of tasks shows. Its address has the parameters of `GET /api/tasks`, and `group` and `view`. */
export interface ListQuery {
  /** Values of the filters that are set, by name. Times are in UTC. */
  readonly filters: Readonly<Record<string, string>>;
  /** A task must have all of these tags. */
  readonly tags: readonly string[];
  readonly group: Grouping | null;
  readonly isGrid: boolean;
}

/** Reads the query of an address, and ignores what the page does not know and values that the API would reject. */
export function parseQuery(search: string): ListQuery {
  const parameters = new URLSearchParams(search);
  const filters: Record<string, string> = {};
  for (const [name, value] of parameters) {
    const valid = isFilter(name) ? normalize(name, value) : null;
    if (valid !== null) {
      filters[name] = valid;
    }
  }
  const tags = [...new Set(parameters.getAll('tag').map((tag) => tag.trim()).filter((tag) => tag !== ''))].slice(0, MAX_TAGS);
  const group = GROUPINGS.find((grouping) => grouping === parameters.get('group')) ?? null;
  return { filters, tags, group, isGrid: parameters.get('view') === 'grid' };
}

/** Returns the address of the page with this query. */
export function addressOf({ filters, tags, group, isGrid }: ListQuery): string {
  const parameters = new URLSearchParams(filters);
  tags.forEach((tag) => { parameters.append('tag', tag); });
  if (group !== null) {
    parameters.set('group', group);
  }
  if (isGrid) {
    parameters.set('view', 'grid');
  }
  const search = parameters.toString();
  return search === '' ? '/' : `/?${search}`;
}

/** Returns the parameters of `GET /api/tasks` that select these tasks. */
export function taskQueryOf({ filters, tags }: ListQuery): TaskQuery {
  return { ...filters, ...(tags.length > 0 ? { tag: [...tags] } : {}) };
}

/** Sets a filter, or removes it if the value is empty. */
export function withFilter(query: ListQuery, name: string, value: string): ListQuery {
  const filters = Object.fromEntries(Object.entries(query.filters).filter(([each]) => each !== name));
  const valid = normalize(name, value);
  return { ...query, filters: valid === null ? filters : { ...filters, [name]: valid } };
}

/** Adds a tag to the filter, or removes it. Ignores a tag beyond the number that the API accepts. */
export function toggleTag(query: ListQuery, tag: string): ListQuery {
  const tags = query.tags.includes(tag) ? query.tags.filter((each) => each !== tag) : [...query.tags, tag].slice(0, MAX_TAGS);
  return { ...query, tags };
}

export function withoutFilters(query: ListQuery): ListQuery {
  return { ...query, filters: {}, tags: [] };
}

export function hasFilters({ filters, tags }: ListQuery): boolean {
  return Object.keys(filters).length > 0 || tags.length > 0;
}

function isFilter(name: string): boolean {
  return (NAMES as readonly string[]).includes(name) || METADATA.test(name);
}

/** Returns a value as the API takes it; null if it is empty or not valid. A time without a zone is local. */
function normalize(name: string, value: string): string | null {
  const text = value.trim();
  if (name === 'since' || name === 'until') {
    const time = text === '' ? NaN : Date.parse(text);
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  }
  return text === '' ? null : text;
}
