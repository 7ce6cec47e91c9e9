import type { paths } from '#openapi';
import createClient from 'openapi-fetch';
import { receive, send } from './http.ts';
import { Problem } from './problem.ts';
import type {
  AttachedField, AttachedTaskField, Attachment, BulkResult, Caller, InsightPage, InsightQuery, MadeShare, NewShare, NewVerdict, Note, Report, Screenshot, ScreenshotPage,
  Share, Stats, StatsQuery, StepPage, StepQuery, Task, TaskPage, TaskQuery, TaskValueQuery, TaskValues, Verdict,
} from './types.ts';

/** Returns the headers that identify the caller. */
export type Authorize = () => Promise<Record<string, string>>;

const NOT_MODIFIED = 304;
const ACCEPTED = 202;
const MAX_POLL_SECONDS = 5;
const PAGE_SIZE = 1000;

interface Options {
  signal?: AbortSignal | undefined;
}

/**
 * Calls the API, as the signed-in user or by a share link. Every method throws a {@link Problem} for an error response, and for a
 * missing one (status 0). Paths and types come from infra/openapi.yaml.
 */
export class ApiClient {
  readonly #authorize: Authorize;
  readonly #http;
  /** Whether the caller has a share link, which has fewer routes. */
  readonly isShared: boolean;

  private constructor(authorize: Authorize, isShared: boolean) {
    this.#authorize = authorize;
    this.isShared = isShared;
    this.#http = createClient<paths>({ fetch: (request) => this.#send(request), baseUrl: location.origin, cache: 'no-store' });
  }

  /** @param token returns an access token */
  static signedIn(token: () => Promise<string>): ApiClient {
    return new ApiClient(async () => ({ authorization: `Bearer ${await token()}` }), false);
  }

  /** @param token the token of a share link */
  static byLink(token: string): ApiClient {
    return new ApiClient(() => Promise.resolve({ 'x-steptrail-share': token }), true);
  }

  async caller(): Promise<Caller> {
    return bodyOf(await this.#http.GET('/api/me'));
  }

  async tasks(query: TaskQuery, options: Options = {}): Promise<TaskPage> {
    return bodyOf(await this.#http.GET('/api/tasks', { params: { query }, ...signalOf(options) }));
  }

  /**
   * Lists tasks if they have changed.
   *
   * @param etag that of the last response to the same query; null for the first
   * @return the page, null if it has not changed
   */
  async tasksIfChanged(query: TaskQuery, etag: string | null, options: Options = {}): Promise<{ page: TaskPage | null; etag: string | null }> {
    const { data, response } = await this.#http.GET('/api/tasks', {
      params: { query, header: etag === null ? {} : { 'If-None-Match': etag } }, ...signalOf(options),
    });
    return response.status === NOT_MODIFIED
      ? { page: null, etag }
      : { page: bodyOf({ data }), etag: response.headers.get('etag') };
  }

  /** Returns the most frequent values of a field of the tasks. */
  async taskValues(query: TaskValueQuery, options: Options = {}): Promise<TaskValues> {
    return bodyOf(await this.#http.GET('/api/tasks/values', { params: { query }, ...signalOf(options) }));
  }

  /**
   * Returns a task if it has changed.
   *
   * @param etag that of the last response; null for the first
   * @return the task, null if it has not changed
   */
  async taskIfChanged(taskId: string, etag: string | null): Promise<{ task: Task | null; etag: string | null }> {
    const { data, response } = await this.#http.GET('/api/tasks/{task_id}', {
      params: { path: { task_id: taskId }, header: etag === null ? {} : { 'If-None-Match': etag } },
    });
    return response.status === NOT_MODIFIED
      ? { task: null, etag }
      : { task: bodyOf({ data }), etag: response.headers.get('etag') };
  }

  async report(taskId: string, options: Options = {}): Promise<Report> {
    const { data } = await this.#http.GET('/api/tasks/{task_id}/report', { params: { path: { task_id: taskId } }, ...signalOf(options) });
    return bodyOf({ data }) as Report; // other formats have other media types
  }

  async steps(taskId: string, query: StepQuery, options: Options = {}): Promise<StepPage> {
    return bodyOf(await this.#http.GET('/api/tasks/{task_id}/steps', { params: { path: { task_id: taskId }, query }, ...signalOf(options) }));
  }

  /** Returns the URLs of the screenshots of the next 50 steps from a step number or cursor on. */
  async screenshots(taskId: string, query: { min_number?: number; cursor?: string }): Promise<ScreenshotPage> {
    return bodyOf(await this.#http.GET('/api/tasks/{task_id}/screenshots', { params: { path: { task_id: taskId }, query } }));
  }

  /** Returns the URL of a step's screenshot with this role, or of its first. */
  async screenshot(stepId: string, role?: Screenshot['role']): Promise<Screenshot> {
    const { data } = await this.#http.GET('/api/steps/{step_id}/screenshot', {
      params: { path: { step_id: stepId }, query: { redirect: 'false', ...(role ? { role } : {}) } },
    });
    return bodyOf({ data });
  }

  /** Requests the image at a URL that the API returned: presigned, or relative and then with the caller's token. */
  async image(url: string, options: Options = {}): Promise<Response> {
    return this.download(url, options);
  }

  async download(url: string, options: Options & { timeoutMs?: number } = {}): Promise<Response> {
    const headers = url.startsWith('/api/') ? await this.#authorize() : {};
    return send(url, { headers, cache: 'no-store', referrerPolicy: 'no-referrer', ...signalOf(options) }, options.timeoutMs);
  }

  /** Returns the URL of the complete value of a large field of a step. */
  async attachment(stepId: string, field: AttachedField): Promise<Attachment> {
    const { data } = await this.#http.GET('/api/steps/{step_id}/attachment', {
      params: { path: { step_id: stepId }, query: { field, redirect: 'false' } },
    });
    return bodyOf({ data });
  }

  async taskAttachment(taskId: string, field: AttachedTaskField): Promise<Attachment> {
    const { data } = await this.#http.GET('/api/tasks/{task_id}/attachment', {
      params: { path: { task_id: taskId }, query: { field, redirect: 'false' } },
    });
    return bodyOf({ data });
  }

  async verdicts(taskId: string): Promise<Verdict[]> {
    return all(async (cursor) => {
      const page = bodyOf(await this.#http.GET('/api/tasks/{task_id}/verdicts', listOf(taskId, cursor)));
      return { items: page.verdicts, next: page.next_cursor };
    });
  }

  async setVerdict(taskId: string, verdict: NewVerdict): Promise<Verdict> {
    return bodyOf(await this.#http.PUT('/api/tasks/{task_id}/verdicts', { params: { path: { task_id: taskId } }, body: verdict }));
  }

  async deleteVerdict(taskId: string, verdictId: number): Promise<void> {
    await this.#http.DELETE('/api/tasks/{task_id}/verdicts/{verdict_id}', { params: { path: { task_id: taskId, verdict_id: verdictId } } });
  }

  async addTag(taskId: string, tag: string): Promise<void> {
    await this.#http.PUT('/api/tasks/{task_id}/tags/{tag}', { params: { path: { task_id: taskId, tag } } });
  }

  async removeTag(taskId: string, tag: string): Promise<void> {
    await this.#http.DELETE('/api/tasks/{task_id}/tags/{tag}', { params: { path: { task_id: taskId, tag } } });
  }

  /** Adds and removes tags of at most 1,000 tasks. */
  async changeTags(taskIds: string[], changes: { add?: string[]; remove?: string[] }): Promise<BulkResult> {
    return bodyOf(await this.#http.POST('/api/bulk/tags', { body: { task_ids: taskIds, ...changes } })) as BulkResult;
  }

  async addLabel(stepId: string, label: string): Promise<void> {
    await this.#http.PUT('/api/steps/{step_id}/labels/{label}', { params: { path: { step_id: stepId, label } } });
  }

  async removeLabel(stepId: string, label: string): Promise<void> {
    await this.#http.DELETE('/api/steps/{step_id}/labels/{label}', { params: { path: { step_id: stepId, label } } });
  }

  /** @param stepNumber null for a note on the task */
  async addNote(taskId: string, text: string, stepNumber: number | null): Promise<Note> {
    return bodyOf(await this.#http.POST('/api/tasks/{task_id}/notes', {
      params: { path: { task_id: taskId } },
      body: { text, ...(stepNumber === null ? {} : { step_number: stepNumber }) },
    }));
  }

  async editNote(taskId: string, noteId: number, text: string): Promise<void> {
    await this.#http.PUT('/api/tasks/{task_id}/notes/{note_id}', { params: { path: { task_id: taskId, note_id: noteId } }, body: { text } });
  }

  async deleteNote(taskId: string, noteId: number): Promise<void> {
    await this.#http.DELETE('/api/tasks/{task_id}/notes/{note_id}', { params: { path: { task_id: taskId, note_id: noteId } } });
  }

  async shares(taskId: string): Promise<Share[]> {
    return all(async (cursor) => {
      const page = bodyOf(await this.#http.GET('/api/tasks/{task_id}/shares', listOf(taskId, cursor)));
      return { items: page.shares, next: page.next_cursor };
    });
  }

  async createShare(taskId: string, share: NewShare): Promise<MadeShare> {
    return bodyOf(await this.#http.POST('/api/tasks/{task_id}/shares', { params: { path: { task_id: taskId } }, body: share }));
  }

  async revokeShare(taskId: string, shareId: number): Promise<void> {
    await this.#http.DELETE('/api/tasks/{task_id}/shares/{share_id}', { params: { path: { task_id: taskId, share_id: shareId } } });
  }

  async setKeep(taskId: string, keep: boolean): Promise<Task> {
    return bodyOf(await this.#http.PUT('/api/tasks/{task_id}/keep', { params: { path: { task_id: taskId } }, body: { keep } }));
  }

  async deleteTask(taskId: string): Promise<void> {
    await this.#http.DELETE('/api/tasks/{task_id}', { params: { path: { task_id: taskId } } });
  }

  async stats(query: StatsQuery, options: Options = {}): Promise<Stats> {
    return bodyOf(await this.#http.GET('/api/stats', { params: { query }, ...signalOf(options) }));
  }

  async insights(query: InsightQuery, options: Options = {}): Promise<InsightPage> {
    return bodyOf(await this.#http.GET('/api/insights', { params: { query }, ...signalOf(options) }));
  }

  /** Returns a report in a format that the API writes at once: `csv`, `md` or `json`. */
  async reportFile(taskId: string, format: 'csv' | 'md' | 'json', lang: string): Promise<Blob> {
    const response = await this.#get(`/api/tasks/${taskId}/report?${new URLSearchParams({ format, lang }).toString()}`);
    return receive(() => response.blob());
  }

  /**
   * Returns the URL of a file that the API makes on request. Polls until it exists.
   *
   * @param path such as `/api/tasks/…/export`, with its query
   */
  async exportUrl(path: string, signal?: AbortSignal): Promise<string> {
    for (let polls = 1; ; polls++) {
      const response = await this.#get(path, signal);
      if (response.status !== ACCEPTED) {
        const { url } = await receive(() => response.json(), signal) as { url: string };
        return url;
      }
      const seconds = Math.max(Number(response.headers.get('retry-after') ?? 0) || 2, Math.min(polls, MAX_POLL_SECONDS));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      signal?.throwIfAborted();
    }
  }

  async #get(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#send(new Request(new URL(path, location.origin), { cache: 'no-store', ...signalOf({ signal }) }));
  }

  async #send(request: Request): Promise<Response> {
    const { method, signal } = request;
    const headers = { ...Object.fromEntries(request.headers), ...await this.#authorize() };
    const body = request.body === null ? null : await request.text(); // a stream as a body would need HTTP/2
    const url = this.isShared ? request.url.replace('/api/', '/api/shared/') : request.url;
    const response = await send(url, { method, headers, body, signal, cache: 'no-store' });
    if (!response.ok && response.status !== NOT_MODIFIED) {
      throw await Problem.of(response);
    }
    return response;
  }
}

function signalOf({ signal }: Options): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function listOf(taskId: string, cursor: string | null) {
  return { params: { path: { task_id: taskId }, query: { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) } } };
}

/** Reads all pages of a list. */
async function all<T>(read: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

function bodyOf<T>({ data }: { data?: T | undefined }): NonNullable<T> {
  if (data === undefined || data === null) {
    throw new Error('The response has no body.');
  }
  return data;
}
