const PAGE = 1000;
const FIRST_PAGE = 50;
const POLL_MS = 2000;
const HIDDEN_POLL_MS = 10_000;
const LONGEST_PAUSE_MS = 15_000;
const POLLS_AFTER_THE_END = 15;
const MAX_STEP_NUMBER = 2 ** 31 - 1;

/**
 * A recorded run: its report and its steps by number, as far as they have arrived. Fires `report` and `steps` when these are others than
 * before, and `connection` when it is lost or back.
 */
export class Run extends EventTarget {
  #api;
  #path;
  #byNumber = new Map();
  #whole = Promise.resolve();
  report = null;
  /** In order, those alone that have arrived. */
  steps = [];
  isConnected = true;

  constructor(api, taskId) {
    super();
    this.#api = api;
    this.taskId = taskId;
    this.#path = `/tasks/${taskId}`;
  }

  get isRunning() {
    return this.report?.status === 'running';
  }

  /** The report and the first steps; the others come by and by, and for as long as the run goes on. */
  async open(wanted) {
    const [report, first] = await Promise.all([
      this.#api.get(`${this.#path}/report`),
      this.#api.get(`${this.#path}/steps`, { limit: FIRST_PAGE, min_number: wanted > FIRST_PAGE ? wanted : undefined }),
    ]);
    this.report = report;
    this.#add(first.steps);
    if (this.steps.length === 0 && report.total_steps > 0) { // fewer than is wanted: the last ones, whose numbers are at least as many
      await this.#readFrom(Math.max(1, report.total_steps - FIRST_PAGE));
    }
  }

  /** When all steps are there that there were when they were asked for. */
  get whole() {
    return this.#whole;
  }

  /** Reads the rest, and then what comes; a while longer than the run, for its last steps may come after its end. */
  async follow() {
    this.#whole = this.#persist(() => this.#readAll());
    await this.#whole;
    let over = this.isRunning ? 0 : POLLS_AFTER_THE_END;
    while (over < POLLS_AFTER_THE_END) {
      over = this.isRunning ? 0 : over + 1;
      await pause(document.hidden ? HIDDEN_POLL_MS : POLL_MS);
      await this.#persist(() => this.#poll());
    }
  }

  #etag = null;

  async #poll() {
    const { body, etag } = await this.#api.revalidate(this.#path, this.#etag);
    if (body === null) {
      return;
    }
    await this.#readFrom((this.steps.at(-1)?.step_number ?? 0) + 1);
    if (this.steps.length < body.total_steps) {
      await this.#readFrom(1); // one came late, between others
    }
    this.report = await this.#api.get(`${this.#path}/report`);
    this.#etag = etag;
    this.dispatchEvent(new Event('report'));
  }

  async #readAll() {
    const inOrder = this.steps[0]?.step_number === 1 ? this.steps.at(-1).step_number + 1 : 1;
    await this.#readFrom(inOrder);
  }

  async #readFrom(number) {
    if (number > MAX_STEP_NUMBER) {
      return; // the API refuses such a number, and there can be no such step
    }
    let cursor = null;
    do {
      const page = await this.#api.get(`${this.#path}/steps`, { limit: PAGE, min_number: number, cursor });
      this.#add(page.steps);
      cursor = page.next_cursor;
    } while (cursor);
  }

  #add(steps) {
    if (steps.length === 0) {
      return;
    }
    steps.forEach((step) => this.#byNumber.set(step.step_number, step));
    const isAppended = steps[0].step_number > (this.steps.at(-1)?.step_number ?? 0);
    this.steps = isAppended
      ? [...this.steps, ...steps]
      : [...this.#byNumber.values()].sort((a, b) => a.step_number - b.step_number);
    this.dispatchEvent(new Event('steps'));
  }

  /** Until it works; what the service refuses is thrown. */
  async #persist(attempt) {
    for (let wait = POLL_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        await attempt();
        this.#connection(true);
        return;
      } catch (error) {
        if (error.status === undefined || (error.status > 0 && error.status < 500 && error.status !== 429)) {
          throw error;
        }
        this.#connection(false);
        await pause(wait);
      }
    }
  }

  #connection(isConnected) {
    if (isConnected !== this.isConnected) {
      this.isConnected = isConnected;
      this.dispatchEvent(new Event('connection'));
    }
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * The pictures of a step, in the order in which they were seen. A picture's `view` is its role, or `other 2` for the second of that role,
 * which `nth` is.
 */
export function picturesOf(step) {
  const counts = new Map();
  return step.screenshots.map(({ screenshot_index: ordinal, role, format, width, height, sensitive }) => {
    const nth = (counts.get(role) ?? 0) + 1;
    counts.set(role, nth);
    return { step: step.step_number, ordinal, role, nth, view: nth > 1 ? `${role} ${nth}` : role, format, width, height, sensitive };
  });
}

/** The one of a view, or the first. */
export function pictureOf(step, view) {
  const pictures = picturesOf(step);
  return pictures.find((picture) => picture.view === view) ?? pictures[0] ?? null;
}

/** What a picture is called, such as “Screen before step 3”. */
export function nameOf({ step, role, nth }, t) {
  return t.picture(step, `${t.role[role] ?? role}${nth > 1 ? ` ${nth}` : ''}`);
}
