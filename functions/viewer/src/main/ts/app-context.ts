import type { ApiClient } from './api/api-client.ts';
import type { Texts } from './i18n/en.ts';
import type { Format } from './i18n/format.ts';

/** What the frame does for a page. */
export interface ShellActions {
  /** Sets the title of the document. Empty: the name of the product. */
  setTitle(text: string): void;
  /** Shows an error above the page, with what the user can do. Aborted requests are not errors. */
  showError(error: unknown): void;
  /** Shows a message for some seconds, with a button that undoes the action if there is an undo. */
  toast(text: string, undo?: () => void): void;
  /** Asks the user to confirm an action, and returns whether the user did. */
  confirm(question: { title: string; text: string; action: string; danger?: boolean }): Promise<boolean>;
}

/** What every page receives. */
export interface AppContext {
  readonly api: ApiClient;
  readonly t: Texts;
  readonly format: Format;
  readonly language: string;
  readonly shell: ShellActions;
  /** The name of the signed-in user, as the API knows it; null by a share link. */
  readonly user: string | null;
  /** Whether the page shows a task by a share link: it then offers nothing that needs a user. */
  readonly isShared: boolean;
}
