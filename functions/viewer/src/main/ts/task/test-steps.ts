import type { ScreenshotFields, Step } from '../api/types.ts';

interface Options {
  readonly action?: Record<string, unknown> | null;
  readonly success?: boolean | null;
  readonly error?: string | null;
  readonly screenshots?: readonly ScreenshotFields['role'][];
  readonly durationMs?: number | null;
  readonly timestamp?: string;
}

/** Returns a step for unit tests. */
export function testStep(number: number, options: Options = {}): Step {
  const taskId = '0190f3a1-4e5b-7c3d-9a2b-1c2d3e4f5a6b';
  const timestamp = options.timestamp ?? new Date(Date.UTC(2026, 4, 1) + number * 1000).toISOString();
  return {
    step_id: `${taskId}.${number}`,
    task_id: taskId,
    step_number: number,
    step_type: 'action',
    timestamp,
    created_at: timestamp,
    thinking: null,
    action: options.action ?? null,
    action_result: null,
    duration_ms: options.durationMs ?? null,
    success: options.success ?? null,
    error_message: options.error ?? null,
    screenshot_path: null,
    timings: null,
    resources: null,
    screenshots: (options.screenshots ?? []).map((role, index) => ({
      screenshot_index: index,
      role,
      file_hash: '',
      file_size: 0,
      original_size: 0,
      width: 1080,
      height: 2400,
      format: 'webp',
      compressed: true,
      sensitive: false,
      redacted_regions: [],
      perceptual_hash: null,
      thumbnail_path: null,
      captured_at: null,
    })),
  };
}
