export const STATES = ['running', 'succeeded', 'failed', 'cancelled', 'abandoned', 'archived'];
const NAMES = ['text', 'status', 'agent', 'device_id', 'model'];
const TIMES = ['since', 'until'];
/** As a field of date and time gives it, in the reader's zone. */
const LOCAL_TIME = /^\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** What the reader looks for, as its fields hold it. */
export class Filters {
  #values = {};

  /** Those of an address that mean something. */
  constructor(parameters) {
    [...parameters].forEach(([name, value]) => isGood(name, value) && this.set(name, value));
  }

  get(name) {
    return this.#values[name] ?? '';
  }

  /** Nothing but spaces is nothing. */
  set(name, value) {
    value.trim() ? (this.#values[name] = value) : delete this.#values[name];
  }

  clear() {
    this.#values = {};
  }

  get areSet() {
    return Object.keys(this.#values).length > 0;
  }

  /** The page's address that has them. */
  get address() {
    const search = new URLSearchParams(this.#trimmed);
    return search.size ? `/?${search}` : '/';
  }

  /** As the service takes them; its times have their zone with them. */
  get query() {
    const times = Object.fromEntries(TIMES.filter((name) => this.get(name)).map((name) => [name, new Date(this.get(name)).toISOString()]));
    return { ...this.#trimmed, ...times };
  }

  /** Whether a task that was found is one of them still: its status alone becomes another. */
  admits(task) {
    return !this.get('status') || task.status === this.get('status');
  }

  get #trimmed() {
    return Object.fromEntries(Object.entries(this.#values).map(([name, value]) => [name, value.trim()]));
  }
}

function isGood(name, value) {
  return NAMES.includes(name) || (TIMES.includes(name) && LOCAL_TIME.test(value) && !Number.isNaN(Date.parse(value)));
}
