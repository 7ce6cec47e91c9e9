/** An error response (RFC 9457), or no response at all. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly detail: string;
  readonly type: string | undefined;
  readonly traceId: string | undefined;

  /**
   * @param status the HTTP status; 0 if there was no complete response
   * @param detail what is wrong, in English, as the API says it
   * @param type the identifier of the kind of problem
   * @param traceId identifies the request in the logs
   */
  constructor(status: number, detail: string, type?: string, traceId?: string, options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.detail = detail;
    this.type = type;
    this.traceId = traceId;
  }

  /** Reads the body of an error response, which may come from a gateway and not be JSON. */
  static async of(response: Response): Promise<Problem> {
    const body = await response.json().catch(() => ({})) as Record<string, unknown>;
    const text = (key: string) => (typeof body[key] === 'string' ? body[key] : undefined);
    return new Problem(
      response.status,
      text('detail') ?? text('message') ?? `HTTP ${response.status}`,
      text('type'),
      text('trace_id'),
    );
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
