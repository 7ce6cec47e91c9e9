/** Short names for the types that are generated from infra/openapi.yaml. */
import type { components, operations } from '#openapi';

type Schemas = components['schemas'];

export type Task = Schemas['Task'];
export type ListedTask = Schemas['ListedTask'];
export type TaskValues = Schemas['TaskValues'];
export type TaskPage = Schemas['TaskPage'];
export type TaskStatus = Schemas['TaskStatus'];
export type Report = Schemas['Report'];
export type Step = Schemas['Step'];
export type StepPage = Schemas['StepPage'];
export type ScreenshotFields = Schemas['ScreenshotFields'];
export type Screenshot = Schemas['Screenshot'];
export type ScreenshotPage = Schemas['ScreenshotPage'];
export type Cost = Schemas['Cost'];
export type TokenCounts = Schemas['TokenCounts'];
export type Verdict = Schemas['Verdict'];
export type NewVerdict = Schemas['NewVerdict'];
export type VerdictValue = Schemas['VerdictValue'];
export type Label = Schemas['Label'];
export type Note = Schemas['Note'];
export type Share = Schemas['ShareFields'];
export type MadeShare = Schemas['MadeShare'];
export type NewShare = Schemas['NewShare'];
export type Insight = Schemas['Insight'];
export type InsightPage = Schemas['InsightPage'];
export type Stats = Schemas['Stats'];
export type BulkResult = Schemas['BulkResult'];
export type Caller = Schemas['Caller'];
export type Attachment = Schemas['Attachment'];
export type AttachedField = Schemas['AttachmentFields']['field'];
export type AttachedTaskField = Exclude<Attachment['field'], AttachedField>;

export type TaskQuery = NonNullable<operations['listTasks']['parameters']['query']>;
export type TaskValueQuery = NonNullable<operations['listTaskValues']['parameters']['query']>;
export type StepQuery = NonNullable<operations['listSteps']['parameters']['query']>;
export type StatsQuery = NonNullable<operations['sumStats']['parameters']['query']>;
export type InsightQuery = NonNullable<operations['listInsights']['parameters']['query']>;
