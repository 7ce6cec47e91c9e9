import type { ApiClient } from '../../api/api-client.ts';
import type { NewVerdict, Verdict } from '../../api/types.ts';

export type Judgement = 'pass' | 'fail' | 'unclear';

/** The name of the verdict that decides the outcome of a task. */
const NAME = 'success';

/** Sets the user's verdict on a task, with a reason that may follow, and restores the earlier one. */
export class Judge {
  readonly #api: ApiClient;
  readonly #taskId: string;
  #previous: Verdict | null = null;
  #current: Verdict | null = null;
  #explaining: Promise<void> = Promise.resolve();

  constructor(api: ApiClient, taskId: string) {
    this.#api = api;
    this.#taskId = taskId;
  }

  /**
   * Sets the verdict, unless the user's verdict has this value: it keeps its reason.
   *
   * @return the verdict that the user had before; null if there is none
   */
  async judge(value: Judgement): Promise<Verdict | null> {
    const [{ owner }, verdicts] = await Promise.all([this.#api.caller(), this.#api.verdicts(this.#taskId)]);
    this.#previous = verdicts.find(({ name, source, author }) => name === NAME && source === 'human' && author === owner) ?? null;
    this.#current = this.#previous?.value === value ? this.#previous : await this.#api.setVerdict(this.#taskId, verdictOf(value, null));
    return this.#previous;
  }

  /** Removes the user's verdict. */
  async remove(): Promise<void> {
    await this.whenExplained();
    if (this.#current !== null) {
      await this.#api.deleteVerdict(this.#taskId, this.#current.verdict_id);
      this.#current = null;
    }
  }

  /** Adds a reason to the verdict that {@link judge} set. */
  async explain(reason: string): Promise<void> {
    this.#explaining = this.#setReason(reason);
    await this.#explaining;
  }

  /** Resolves when the reason is saved, or could not be: the next verdict must not overtake it. */
  async whenExplained(): Promise<void> {
    await this.#explaining.catch(() => undefined); // the caller of explain reports the error
  }

  /** Restores the verdict from before {@link judge}, or none. Returns whether there was one. */
  async undo(): Promise<boolean> {
    await this.whenExplained();
    const [previous, current] = [this.#previous, this.#current];
    this.#current = null;
    if (previous !== null) {
      await this.#api.setVerdict(this.#taskId, verdictOf(previous.value, previous.reason));
    } else if (current !== null) {
      await this.#api.deleteVerdict(this.#taskId, current.verdict_id);
    }
    return previous !== null;
  }

  async #setReason(reason: string): Promise<void> {
    if (this.#current !== null) {
      this.#current = await this.#api.setVerdict(this.#taskId, verdictOf(this.#current.value, reason));
    }
  }
}

function verdictOf(value: Verdict['value'], reason: string | null): NewVerdict {
  return { name: NAME, value, ...(reason === null || reason === '' ? {} : { reason }) };
}
