import { UnreadSource } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { inBatches } from '../../database/inBatches';
import { storableJson, storableText } from '../../datasets/storableJson';
import { StoredUse } from './fieldUseOf';
import { IS_STALE } from './joinFieldUse';

/** A consumer of a dataset whose source can be read. */
export interface SourceReader {
  datasetRef: string;
  consumerRef: string;
  owner?: string;
  sourceUrl: string;
  sqlDialect?: string;
  /** Whether other consumers of the dataset have the same source. */
  isShared: boolean;
  /** Of the last time that its source was read; absent when it was not, or elsewhere. */
  etag?: string;
  inputHash?: string;
  /** When its source was last seen; absent when it never was. */
  checkedAt?: Date;
}

/** What was read of a consumer's source. */
export interface ParsedUse {
  datasetRef: string;
  consumerRef: string;
  sourceUrl: string;
  etag: string;
  inputHash: string;
  uses: StoredUse[];
  unread: UnreadSource[];
  /** Whether nothing else of the source can read the dataset. */
  complete: boolean;
}

/** What a run of a consumer's job read. */
export interface ObservedRun {
  consumerRef: string;
  job: string;
  runId: string;
  eventTime: Date;
  uses: Array<{ datasetRef: string; fields: string[] }>;
}

/** Jobs of one consumer: their names are whatever events say. */
const MAX_JOBS = 500;

interface SourceReaderRow {
  dataset_ref: string;
  consumer_ref: string;
  owner: string | null;
  source_url: string;
  sql_dialect: string | null;
  etag: string | null;
  input_hash: string | null;
  checked_at: Date | null;
  parsed_url: string | null;
  is_shared: boolean;
}

interface ObservedRow {
  dataset_ref: string;
  run_id: string;
  fields: string[];
  event_time: Date;
}

/** The tables `parsed_field_uses` and `observed_field_uses`. */
export class FieldUseStore {
  constructor(private readonly knex: Knex) {}

  /**
   * The consumers whose source can be read, those first that were not looked at for
   * longest.
   *
   * @param datasetRef - of all datasets when absent
   */
  async sourceReaders(datasetRef?: string): Promise<SourceReader[]> {
    const rows: SourceReaderRow[] = await this.knex('consumers')
      .leftJoin('parsed_field_uses AS parsed', join =>
        join
          .on('parsed.dataset_ref', 'consumers.dataset_ref')
          .andOn('parsed.consumer_ref', 'consumers.consumer_ref'),
      )
      .whereNotNull('consumers.source_url')
      .where(query => {
        if (datasetRef !== undefined) {
          query.where('consumers.dataset_ref', datasetRef);
        }
      })
      .orderByRaw(
        'parsed.tried_at ASC NULLS FIRST, consumers.source_url, consumers.consumer_ref',
      )
      .select(
        'consumers.dataset_ref',
        'consumers.consumer_ref',
        'consumers.owner',
        'consumers.source_url',
        'consumers.sql_dialect',
        'parsed.etag',
        'parsed.input_hash',
        'parsed.checked_at',
        { parsed_url: 'parsed.source_url' },
      )
      .select(
        this.knex.raw(
          `count(*) OVER (
             PARTITION BY consumers.dataset_ref, consumers.source_url
           ) > 1 AS is_shared`,
        ),
      );
    return rows.map(row => ({
      datasetRef: row.dataset_ref,
      consumerRef: row.consumer_ref,
      owner: row.owner ?? undefined,
      sourceUrl: row.source_url,
      sqlDialect: row.sql_dialect ?? undefined,
      isShared: row.is_shared,
      ...(row.parsed_url === row.source_url && {
        etag: row.etag ?? undefined,
        inputHash: row.input_hash ?? undefined,
        checkedAt: row.checked_at ?? undefined,
      }),
    }));
  }

  /** @returns the datasets of which something else is known than before */
  async saveParsed(uses: readonly ParsedUse[]): Promise<Set<string>> {
    const changed = await inBatches(uses, async batch => {
      const known = await this.knownUses(batch);
      await this.knex('parsed_field_uses')
        .insert(batch.map(use => this.parsedRow(use)))
        .onConflict(['dataset_ref', 'consumer_ref'])
        .merge();
      return batch
        .filter(use => known.get(keyOf(use)) !== contentOf(use))
        .map(use => use.datasetRef);
    });
    return new Set(changed);
  }

  /**
   * Notes that a source is as it was when it was read.
   *
   * @returns the datasets of whose consumers that was in doubt
   */
  async saveChecked(readers: readonly SourceReader[]): Promise<Set<string>> {
    const doubted = await inBatches(readers, async batch => {
      const rows = () =>
        this.knex('parsed_field_uses AS parsed').whereIn(
          ['parsed.dataset_ref', 'parsed.consumer_ref'],
          batch.map(({ datasetRef, consumerRef }) => [datasetRef, consumerRef]),
        );
      const before: Array<{ dataset_ref: string }> = await rows()
        .whereRaw(IS_STALE)
        .select('dataset_ref');
      await rows().update({
        problem: null,
        checked_at: this.knex.fn.now(),
        tried_at: this.knex.fn.now(),
      });
      return before;
    });
    return new Set(doubted.map(row => row.dataset_ref));
  }

  /** What was known stays known; how old it is can be seen. */
  async saveProblem(
    readers: readonly SourceReader[],
    problem: string,
  ): Promise<void> {
    await inBatches(readers, batch =>
      this.knex('parsed_field_uses')
        .insert(
          batch.map(reader => ({
            dataset_ref: reader.datasetRef,
            consumer_ref: reader.consumerRef,
            source_url: storableText(reader.sourceUrl),
            etag: null,
            input_hash: '',
            uses: '[]',
            unread: '[]',
            problem: storableText(problem),
            tried_at: this.knex.fn.now(),
          })),
        )
        .onConflict(['dataset_ref', 'consumer_ref'])
        .merge(['problem', 'tried_at'])
        .returning('dataset_ref'),
    );
  }

  /** Removes what was read for entities that are consumers no longer. */
  async removeOthers(): Promise<void> {
    await this.knex('parsed_field_uses')
      .whereNotExists(
        this.knex('consumers')
          .whereRaw('consumers.dataset_ref = parsed_field_uses.dataset_ref')
          .whereRaw('consumers.consumer_ref = parsed_field_uses.consumer_ref'),
      )
      .delete();
  }

  /**
   * Removes what was read of sources that nobody saw since then: they moved, went, or
   * are read no longer.
   *
   * @returns the datasets that less is known of
   */
  async removeParsed(before: Date): Promise<Set<string>> {
    const removed: Array<{ dataset_ref: string }> = await this.knex(
      'parsed_field_uses',
    )
      .whereRaw('coalesce(checked_at, tried_at) < ?', [before])
      .delete()
      .returning('dataset_ref');
    return new Set(removed.map(row => row.dataset_ref));
  }

  /**
   * Keeps what a run read, unless a newer one of the same job is known. Events of one
   * run add to each other; another run takes the place of the one before, for all
   * datasets.
   *
   * @returns why it is not kept, if so; and the datasets of which something else is
   *   known than before
   */
  async saveObserved(
    run: ObservedRun,
  ): Promise<{ refused?: string; changed: Set<string> }> {
    const { consumerRef } = run;
    const [job, runId] = [run.job, run.runId].map(storableText);
    return this.knex.transaction(async trx => {
      // Events of a consumer that come together wait for each other.
      await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [
        `dataset-migrations:lineage:${consumerRef}`,
      ]);
      const known: ObservedRow[] = await trx('observed_field_uses').where({
        consumer_ref: consumerRef,
        job,
      });
      const isNewer = (row: ObservedRow) =>
        row.run_id !== runId && row.event_time >= run.eventTime;
      if (known.some(isNewer)) {
        return {
          refused: `a run of ${run.job} that is no older is known`,
          changed: new Set<string>(),
        };
      }
      if (known.length === 0) {
        const [{ count }] = await trx('observed_field_uses')
          .where({ consumer_ref: consumerRef })
          .countDistinct({ count: 'job' });
        if (Number(count) >= MAX_JOBS) {
          return {
            refused: `${MAX_JOBS} jobs of it are known; ${run.job} is one more`,
            changed: new Set<string>(),
          };
        }
      }
      return { changed: await replaceRows(trx, { ...run, job, runId }, known) };
    });
  }

  /** @returns the datasets that fewer jobs are known of */
  async removeObserved(before: Date): Promise<Set<string>> {
    const removed: Array<{ dataset_ref: string }> = await this.knex(
      'observed_field_uses',
    )
      .where('event_time', '<', before)
      .delete()
      .returning('dataset_ref');
    return new Set(removed.map(row => row.dataset_ref));
  }

  private parsedRow(use: ParsedUse) {
    return {
      dataset_ref: use.datasetRef,
      consumer_ref: use.consumerRef,
      source_url: storableText(use.sourceUrl),
      etag: storableText(use.etag),
      input_hash: use.inputHash,
      uses: storableJson(use.uses),
      unread: storableJson(use.unread),
      complete: use.complete,
      problem: null,
      checked_at: this.knex.fn.now(),
      tried_at: this.knex.fn.now(),
    };
  }

  private async knownUses(
    uses: readonly ParsedUse[],
  ): Promise<Map<string, string>> {
    const rows: Array<{
      dataset_ref: string;
      consumer_ref: string;
      uses: StoredUse[];
      unread: UnreadSource[];
      complete: boolean;
    }> = await this.knex('parsed_field_uses').whereIn(
      ['dataset_ref', 'consumer_ref'],
      uses.map(use => [use.datasetRef, use.consumerRef]),
    );
    return new Map(
      rows.map(row => [
        keyOf({ datasetRef: row.dataset_ref, consumerRef: row.consumer_ref }),
        contentOf(row),
      ]),
    );
  }
}

/** Writes the rows of a job anew. @returns the datasets of which they differ */
async function replaceRows(
  trx: Knex.Transaction,
  run: ObservedRun,
  known: readonly ObservedRow[],
): Promise<Set<string>> {
  const { consumerRef, job, runId, uses } = run;
  const changed = new Set<string>();
  for (const row of known) {
    const isGone = !uses.some(use => use.datasetRef === row.dataset_ref);
    if (row.run_id !== runId && isGone) {
      await trx('observed_field_uses')
        .where({
          dataset_ref: row.dataset_ref,
          consumer_ref: consumerRef,
          job,
        })
        .delete();
      changed.add(row.dataset_ref);
    }
  }
  for (const use of uses) {
    const before = known.find(row => row.dataset_ref === use.datasetRef);
    const sameRun = before?.run_id === runId ? before : undefined;
    const fields = [
      ...new Set([...(sameRun?.fields ?? []), ...use.fields]),
    ].sort();
    if (JSON.stringify(before?.fields) !== JSON.stringify(fields)) {
      changed.add(use.datasetRef);
    }
    const isLater = sameRun && sameRun.event_time > run.eventTime;
    await trx('observed_field_uses')
      .insert({
        dataset_ref: use.datasetRef,
        consumer_ref: consumerRef,
        job,
        run_id: runId,
        fields: storableJson(fields),
        event_time: isLater ? sameRun.event_time : run.eventTime,
        received_at: trx.fn.now(),
      })
      .onConflict(['dataset_ref', 'consumer_ref', 'job'])
      .merge();
  }
  return changed;
}

function keyOf(use: { datasetRef: string; consumerRef: string }): string {
  return `${use.datasetRef} ${use.consumerRef}`;
}

/** Equal for equal content: jsonb gives keys in an order of its own. */
function contentOf({
  uses,
  unread,
  complete,
}: Pick<ParsedUse, 'uses' | 'unread' | 'complete'>): string {
  return JSON.stringify([
    uses.map(({ field, file, line, star, shared }) => [
      field,
      file,
      line,
      star,
      shared,
    ]),
    unread.map(({ file, line, reason }) => [file, line, reason]),
    complete,
  ]);
}
