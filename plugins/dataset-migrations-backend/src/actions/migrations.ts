import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { blockersOutput, toBlockers } from './blockers';
import { Zod } from './types';

/** A migration, as the actions output it: what an agent acts on. */
export function migrationOutput(z: Zod) {
  return z.object({
    migrationId: z.string(),
    datasetRef: z.string(),
    fromVersion: z.string(),
    toVersion: z.string(),
    policy: z.string(),
    state: z
      .string()
      .describe(
        'queued, running, blocked, cancelling, rolling-back; or one of the ends: succeeded, failed, cancelled, rolled-back',
      ),
    ended: z
      .boolean()
      .describe(
        'False while it may still change by itself. A blocked one goes on by itself once its consumers are ready',
      ),
    stage: z.string().optional(),
    startedBy: z.string(),
    campaignId: z.string().optional(),
    createdAt: z.string(),
    finishedAt: z.string().optional(),
    progress: z
      .object({
        rowsDone: z.number(),
        rowsTotal: z.number().optional(),
        rowsPerSecond: z.number().optional(),
        secondsLeft: z.number().optional(),
      })
      .optional(),
    error: z
      .object({
        name: z.string(),
        message: z.string(),
        stage: z.string().optional(),
      })
      .optional(),
    verified: z
      .object({
        ok: z.boolean(),
        sourceRows: z.number(),
        targetRows: z.number(),
      })
      .describe('Counts and checksums of old and new version, compared')
      .optional(),
    ...blockersOutput(z),
    mayNow: z
      .array(z.string())
      .describe('What the caller may do with it now, on its page or over REST'),
    rollbackUntil: z.string().optional(),
    url: z.string().describe('Its page').optional(),
  });
}

export function toMigrationOutput(migration: Migration, portalUrl?: string) {
  const { verification, consumers } = migration;
  return {
    migrationId: migration.id,
    datasetRef: migration.datasetRef,
    fromVersion: migration.fromVersion,
    toVersion: migration.toVersion,
    policy: migration.policy,
    state: migration.state,
    ended: !isActive(migration.state),
    stage: migration.stage,
    startedBy: migration.startedBy,
    campaignId: migration.campaignId,
    createdAt: migration.createdAt,
    finishedAt: migration.finishedAt,
    progress: migration.progress,
    error: migration.error,
    verified: verification && {
      ok: verification.ok,
      sourceRows: verification.sourceRows,
      targetRows: verification.targetRows,
    },
    ...toBlockers(migration.state === 'blocked' ? consumers : []),
    mayNow: migration.actions,
    rollbackUntil: migration.rollbackUntil,
    url: migrationUrl(portalUrl, migration.id),
  };
}

export function migrationUrl(
  portalUrl: string | undefined,
  id: string,
): string | undefined {
  return portalUrl && `${portalUrl}/dataset-migrations/migrations/${id}`;
}
