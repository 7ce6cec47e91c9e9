import type { ApiClient } from '../../api/api-client.ts';
import type { NewVerdict, Verdict } from '../../api/types.ts';

export type Judgement = 'pass' | 'fail' | 'unclear';

/** The name of the verdict that decides the outcome of a task. */
const NAME = 'success';

/** Sets or removes the user's verdict on a task, and restores the earlier one. */
export class Judge {
  readonly #api: ApiClient;
  readonly #taskId: string;
  /** The verdict that the user had before; null if there was none. */
  readonly earlier: Verdict | null;
  #current: Verdict | null;

  private constructor(api: ApiClient, taskId: string, earlier: Verdict | null) {
    this.#api = api;
    this.#taskId = taskId;
    this.earlier = earlier;
    this.#current = earlier;
  }

  /** Reads the user's verdict on a task. */
  static async of(api: ApiClient, taskId: string): Promise<Judge> {
    const [{ owner }, verdicts] = await Promise.all([api.caller(), api.verdicts(taskId)]);
    const earlier = verdicts.find(({ name, source, author }) => name === NAME && source === 'human' && author === owner);
    return new Judge(api, taskId, earlier ?? null);
  }

  /** Sets the user's verdict. */
  async judge(value: Judgement, reason: string): Promise<void> {
    this.#current = await this.#api.setVerdict(this.#taskId, verdictOf(value, reason));
  }

  /** Removes the user's verdict. */
  async remove(): Promise<void> {
    if (this.#current !== null) {
      await this.#api.deleteVerdict(this.#taskId, this.#current.verdict_id);
      this.#current = null;
    }
  }

  /** Restores the earlier verdict, or none. */
  async undo(): Promise<void> {
    if (this.earlier === null) {
      await this.remove();
    } else {
      this.#current = await this.#api.setVerdict(this.#taskId, verdictOf(this.earlier.value, this.earlier.reason));
    }
  }
}

function verdictOf(value: Verdict['value'], reason: string | null): NewVerdict {
  return { name: NAME, value, ...(reason === null || reason === '' ? {} : { reason }) };
}
