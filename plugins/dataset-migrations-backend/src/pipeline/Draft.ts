import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import {
  canTransition,
  MigrationState,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  changedRecord,
  MigrationPatch,
  MigrationRecord,
} from '../database/MigrationRecord';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import {
  StageLine,
  StageTurn,
  writeTurns,
} from '../database/operations/stages/writeTurns';
import { SupersededError } from '../database/SupersededError';
import { MigrationListener } from '../migrations/types';
import { Telemetry, WorkOutcome } from '../telemetry/types';

/** How long people who watch may not see what a job did. */
const KEEP_MS = 1000;

const outcomes: Record<NonNullable<StageTurn['ended']>['state'], WorkOutcome> =
  {
    succeeded: 'ok',
    failed: 'error',
    pending: 'aborted',
    skipped: 'aborted',
  };

/** What a stage came to, for the migration and for its log. */
export interface Step {
  patch: Omit<MigrationPatch, 'id' | 'state' | 'sequence' | 'createdAt'> & {
    state?: MigrationState;
  };
  begun?: Stage;
  ended?: { stage: Stage; state: NonNullable<StageTurn['ended']>['state'] };
  /** Said after what ended, before what was begun. */
  line?: Pick<StageLine, 'level' | 'message' | 'stage'>;
  /** More that belongs to the transaction which writes the step. */
  inTransaction?(trx: Knex.Transaction, record: MigrationRecord): Promise<void>;
  onWritten?(): Promise<void>;
}

interface KeptStep extends Step {
  /** When it was done, by `performance.now()`. */
  at: number;
  /** What it made of the migration; what is written, where that is absent. */
  record?: MigrationRecord;
}

/**
 * What a job has done to its migration and not written yet. Stages that end within
 * a second are written together, in one transaction: a small migration would
 * otherwise spend most of its time on that. A crash before it means that they are done
 * again from the first of them on, as after any other crash.
 */
export class Draft {
  private written: MigrationRecord;
  private steps: KeptStep[] = [];
  private writing: Promise<unknown> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private closed = false;

  /**
   * @param record - as it was read
   * @param keepJob - sees to it, in the transaction of whatever is written, that the job
   *   goes on with the migration as it is then; throws when it is somebody else's
   */
  constructor(
    private readonly deps: {
      knex: Knex;
      logger: LoggerService;
      telemetry: Telemetry;
      migrationChanged: MigrationListener;
    },
    record: MigrationRecord,
    private readonly keepJob: (
      trx: Knex.Transaction,
      record: MigrationRecord,
    ) => Promise<void>,
  ) {
    this.written = record;
  }

  /** The migration as it will be once all is written. */
  get record(): MigrationRecord {
    return this.steps.reduce(
      (changed, { patch }) => changedRecord(changed, patch),
      this.written,
    );
  }

  /** Whether the end of a stage is not written yet. */
  get hasEnds(): boolean {
    return this.steps.some(({ ended }) => ended);
  }

  /** Whether this stage is in what is not written yet: it can be in there once. */
  knows(stage: Stage): boolean {
    return this.steps.some(
      ({ begun, ended }) => begun === stage || ended?.stage === stage,
    );
  }

  /** Keeps a step, to be written with those that follow. */
  add(step: Step): void {
    const record = changedRecord(this.record, step.patch);
    this.steps.push({ ...step, at: performance.now(), record });
    this.writeSoon();
  }

  /**
   * Writes all that is kept, and what is given, in one transaction.
   *
   * @param last.step - the latest one
   * @param last.isNewJob - whether what follows has a number of its own, see
   *   `MigrationRecord.sequence`
   * @param last.before - done while the migration's row is held, before stages and log
   *   are written
   * @param last.endJob - ends the job at the end of the transaction, instead of going on
   * @throws SupersededError when the migration went on without this job, or the draft is
   *   closed; ClaimLostError when the job was given to another worker. Whatever is
   *   thrown, all is kept as it was
   */
  async write(
    last: {
      step?: Step;
      isNewJob?: boolean;
      before?(
        trx: Knex.Transaction,
        record: MigrationRecord,
      ): Promise<MigrationRecord>;
      endJob?(trx: Knex.Transaction, record: MigrationRecord): Promise<void>;
    } = {},
  ): Promise<void> {
    const done = this.writing.then(() => this.writeNow(last));
    this.writing = done.catch(() => {});
    await done;
  }

  /** Writes nothing more, whoever asks; returns when it is not at it, either. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.writing;
  }

  private writeSoon(): void {
    if (this.closed || this.timer) {
      return;
    }
    this.timer = setTimeout(async () => {
      try {
        await this.write();
      } catch (error) {
        assertError(error);
        // The job itself meets it, too.
        this.deps.logger.debug(
          `Could not write how far a job got: ${error.message}`,
        );
        if (!(error instanceof SupersededError)) {
          this.writeSoon();
        }
      }
    }, KEEP_MS).unref();
  }

  private async writeNow(last: Parameters<Draft['write']>[0] = {}) {
    if (this.closed) {
      throw new SupersededError(
        `The job of migration ${this.written.id} is over`,
      );
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    // A copy, as others may be added meanwhile.
    const steps = [...this.steps];
    const all: KeptStep[] = last.step
      ? [...steps, { ...last.step, at: performance.now() }]
      : steps;
    if (all.length === 0) {
      return;
    }
    const { knex, telemetry, migrationChanged } = this.deps;
    const { record, ends } = await knex.transaction(async trx => {
      let next = await this.transition(trx, all, last.isNewJob);
      next = (await last.before?.(trx, next)) ?? next;
      const ended = await writeTurns(trx, next.id, inWords(all));
      for (const { inTransaction, record: then = next } of all) {
        await inTransaction?.(trx, { ...then, sequence: next.sequence });
      }
      await (last.endJob ?? this.keepJob)(trx, next);
      return { record: next, ends: ended };
    });
    this.steps = this.steps.slice(steps.length);
    this.written = record;
    for (const { ended } of all) {
      const end = ends.find(({ stage }) => stage === ended?.stage);
      if (ended && end) {
        telemetry.stageEnded(ended.stage, outcomes[ended.state], end.seconds);
      }
    }
    const { id: migrationId, datasetRef, campaignId } = record;
    migrationChanged({ migrationId, datasetRef, campaignId });
    for (const { onWritten } of all) {
      await onWritten?.();
    }
  }

  /** One change of the row, or two where the states allow no shorter way. */
  private async transition(
    trx: Knex.Transaction,
    steps: Step[],
    isNewJob = false,
  ): Promise<MigrationRecord> {
    const [last] = steps.slice(-1);
    const { state } = this.written;
    const isShort =
      !last.patch.state ||
      last.patch.state === state ||
      canTransition(state, last.patch.state);
    const before = isShort
      ? this.written
      : await transitionMigration(
          trx,
          this.written,
          merged(steps.slice(0, -1)),
        );
    return transitionMigration(trx, before, {
      ...(isShort ? merged(steps) : last.patch),
      ...(isNewJob && { sequence: before.sequence + 1 }),
    });
  }
}

function merged(steps: Step[]): Step['patch'] {
  return Object.assign(
    {},
    ...steps.map(({ patch }) => withoutUndefined(patch)),
  );
}

function withoutUndefined(patch: Step['patch']): Step['patch'] {
  return Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  );
}

/** The steps as stages and lines, by how long ago they were. */
function inWords(steps: KeptStep[]): {
  turns: StageTurn[];
  lines: StageLine[];
} {
  const now = performance.now();
  const turns = new Map<Stage, StageTurn>();
  const lines: StageLine[] = [];
  for (const { at, ended, line, begun } of steps) {
    const ago = (now - at) / 1000;
    if (ended) {
      const { stage, state } = ended;
      turns.set(stage, { ...turns.get(stage), stage, ended: { state, ago } });
    }
    if (line) {
      lines.push({ ...line, ago });
    }
    if (begun) {
      turns.set(begun, { stage: begun, begunAgo: ago });
      lines.push({
        level: 'info',
        stage: begun,
        message: 'Started',
        ago,
        ofBeginning: true,
      });
    }
  }
  return { turns: [...turns.values()], lines };
}
