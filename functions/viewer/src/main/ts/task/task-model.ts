import type { ApiClient } from '../api/api-client.ts';
import { Problem } from '../api/problem.ts';
import type { Report, Step, StepPage } from '../api/types.ts';
import { MAX_STEP_NUMBER } from './steps.ts';

const PAGE_SIZE = 1000;
const FIRST_PAGE_SIZE = 50;
const POLL_MS = 2000;
const POLL_HIDDEN_MS = 10_000;
const MAX_BACKOFF_MS = 15_000;
/** The last steps of a task may arrive after its end. */
const POLLS_AFTER_END = 15;

/**
 * A task with its report and steps, as far as they have arrived. Reads the rest in the background, and what arrives while the task
 * runs. Fires `change` when something has changed.
 */
export class TaskModel extends EventTarget {
  readonly taskId: string;
  readonly #api: ApiClient;
  readonly #byNumber = new Map<number, Step>();
  #etag: string | null = null;
  #isClosed = false;
  #report: Promise<void> = Promise.resolve();
  #rest: Promise<void> = Promise.resolve();
  /** Null until it has arrived. */
  report: Report | null = null;
  /** Sorted by number. */
  steps: readonly Step[] = [];
  /** Whether the last request received a response. */
  isConnected = true;
  /** Whether all steps that existed when the page was opened have arrived. */
  isComplete = false;

  constructor(api: ApiClient, taskId: string) {
    super();
    this.#api = api;
    this.taskId = taskId;
  }

  get isRunning(): boolean {
    return this.report?.status === 'running';
  }

  /**
   * Reads the report, and the first steps or those from a step number on. Resolves with the number of the step to show first. The report
   * may arrive later if the number is known.
   *
   * @param stepNumber the step to show first; null for the one whose error the page shows, or else the first
   */
  async open(stepNumber: number | null): Promise<number> {
    const report = this.#readReport();
    report.catch(() => undefined); // awaited below, or after the steps
    let page = await this.#firstPage(stepNumber ?? 1);
    if (stepNumber === null) {
      await report.catch(() => undefined); // without it, the first step is shown
    }
    const shown = stepNumber ?? this.#failedStep ?? 1;
    if (stepNumber === null && shown > (page.steps.at(-1)?.step_number ?? shown)) {
      page = await this.#firstPage(shown);
    }
    this.#add(page.steps);
    if (this.steps.length === 0) {
      await report;
      const total = this.report?.total_steps ?? 0;
      if (total > 0) { // the task has fewer steps; the number of the last one is at least their number
        await this.#readFrom(Math.max(1, total - FIRST_PAGE_SIZE));
      }
    }
    this.#report = report;
    return shown;
  }

  /** Resolves when all steps that existed when the page was opened have arrived. */
  async whenComplete(): Promise<void> {
    await this.#rest;
  }

  /** Reads all other steps and then, until some time after the task's end, what arrives. Resolves when nothing more will arrive. */
  async follow(): Promise<void> {
    this.#rest = this.#readRest();
    await this.#rest;
    let pollsLeft = this.isRunning || this.#hasJustEnded ? POLLS_AFTER_END : 0;
    while (pollsLeft > 0 && !this.#isClosed) {
      await pause(document.hidden ? POLL_HIDDEN_MS : POLL_MS);
      await this.#persist(() => this.#poll());
      pollsLeft = this.isRunning ? POLLS_AFTER_END : pollsLeft - 1;
    }
  }

  /** Stops polling. */
  close(): void {
    this.#isClosed = true;
  }

  /** Reads the report again, after the user changed a verdict, a tag or a note. */
  async refresh(): Promise<void> {
    await this.#readReport();
  }

  /** The last failed step of a task that ended without success; null if there is none. */
  get #failedStep(): number | null {
    const { report } = this;
    return report === null || this.isRunning || report.success === true ? null : report.errors.at(-1)?.step_number ?? null;
  }

  get #hasJustEnded(): boolean {
    const endedAt = this.report?.ended_at ?? null;
    return endedAt !== null && Date.now() - Date.parse(endedAt) < POLLS_AFTER_END * POLL_MS;
  }

  #firstPage(stepNumber: number): Promise<StepPage> {
    const fromNumber = stepNumber > FIRST_PAGE_SIZE ? { min_number: stepNumber } : {};
    return this.#api.steps(this.taskId, { limit: FIRST_PAGE_SIZE, ...fromNumber });
  }

  async #readRest(): Promise<void> {
    await this.#report.catch(() => this.#persist(() => this.#readReport()));
    await this.#persist(() => this.#readAll());
    this.isComplete = true;
    this.#changed();
  }

  async #readReport(): Promise<void> {
    this.report = await this.#api.report(this.taskId);
    this.#changed();
  }

  async #poll(): Promise<void> {
    const { task, etag } = await this.#api.taskIfChanged(this.taskId, this.#etag);
    if (task === null) {
      return;
    }
    await this.#readFrom((this.steps.at(-1)?.step_number ?? 0) + 1);
    if (this.steps.length < task.total_steps) {
      await this.#readFrom(1); // a step arrived later than its successor
    }
    await this.#readReport();
    this.#etag = etag;
  }

  async #readAll(): Promise<void> {
    const startsAtFirst = this.steps[0]?.step_number === 1;
    await this.#readFrom(startsAtFirst ? (this.steps.at(-1)?.step_number ?? 0) + 1 : 1);
  }

  async #readFrom(stepNumber: number): Promise<void> {
    if (stepNumber > MAX_STEP_NUMBER) {
      return;
    }
    let cursor: string | null = null;
    do {
      const page = await this.#api.steps(this.taskId, { limit: PAGE_SIZE, min_number: stepNumber, ...(cursor === null ? {} : { cursor }) });
      this.#add(page.steps);
      cursor = page.next_cursor;
    } while (cursor !== null && !this.#isClosed);
  }

  #add(steps: readonly Step[]): void {
    const first = steps[0];
    if (first === undefined) {
      return;
    }
    const isAppended = first.step_number > (this.steps.at(-1)?.step_number ?? 0);
    steps.forEach((step) => this.#byNumber.set(step.step_number, step));
    this.steps = isAppended
      ? [...this.steps, ...steps]
      : [...this.#byNumber.values()].sort((a, b) => a.step_number - b.step_number);
    this.#changed();
  }

  /** Repeats an attempt until it succeeds. Throws errors that a repetition cannot cure. */
  async #persist(attempt: () => Promise<void>): Promise<void> {
    for (let backoff = POLL_MS; !this.#isClosed; backoff = Math.min(backoff * 2, MAX_BACKOFF_MS)) {
      try {
        await attempt();
        this.#setConnected(true);
        return;
      } catch (error) {
        if (!(error instanceof Problem) || !error.isTransient) {
          throw error;
        }
        this.#setConnected(false);
        await pause(backoff);
      }
    }
  }

  #setConnected(isConnected: boolean): void {
    if (isConnected !== this.isConnected) {
      this.isConnected = isConnected;
      this.#changed();
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
