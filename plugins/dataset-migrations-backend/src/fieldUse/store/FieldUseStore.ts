import { UnreadSource } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { ConsumerKey } from '../../consumers/ConsumerStore';
import { inBatches } from '../../database/inBatches';
import { storableJson, storableText } from '../../datasets/storableJson';
import { StoredUse } from './fieldUseOf';
import { IS_STALE } from './joinFieldUse';
import { ObservedRun } from './ObservedRun';
import { removeLineage, settleRuns } from './removeLineage';
import { saveObservedRun } from './saveObservedRun';

/** A consumer of a dataset whose source can be read. */
export interface SourceReader {
  datasetRef: string;
  consumerRef: string;
  owner?: string;
  sourceUrl: string;
  sqlDialect?: string;
  /** Whether other consumers of the dataset have the same source. */
  isShared: boolean;
  /** Whether anything is known of its source, this one or one before. */
  wasRead: boolean;
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

interface KeyRow {
  dataset_ref: string;
  consumer_ref: string;
}

/** The tables `parsed_field_uses` and `observed_field_uses`, and those of lineage. */
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
      wasRead: row.etag !== null,
      ...(row.parsed_url === row.source_url && {
        etag: row.etag ?? undefined,
        inputHash: row.input_hash ?? undefined,
        checkedAt: row.checked_at ?? undefined,
      }),
    }));
  }

  /** @returns those of whom something else is known than before */
  async saveParsed(uses: readonly ParsedUse[]): Promise<ConsumerKey[]> {
    return inBatches(uses, async batch => {
      const known = await this.knownUses(batch);
      await this.knex('parsed_field_uses')
        .insert(batch.map(use => this.parsedRow(use)))
        .onConflict(['dataset_ref', 'consumer_ref'])
        .merge();
      return batch
        .filter(use => known.get(keyOf(use)) !== contentOf(use))
        .map(use => ({
          datasetRef: use.datasetRef,
          entityRef: use.consumerRef,
        }));
    });
  }

  /**
   * Notes that a source is as it was when it was read.
   *
   * @returns those of whom that was in doubt
   */
  async saveChecked(readers: readonly SourceReader[]): Promise<ConsumerKey[]> {
    return inBatches(readers, async batch => {
      const rows = () =>
        this.knex('parsed_field_uses AS parsed').whereIn(
          ['parsed.dataset_ref', 'parsed.consumer_ref'],
          batch.map(({ datasetRef, consumerRef }) => [datasetRef, consumerRef]),
        );
      const doubted: KeyRow[] = await rows()
        .whereRaw(IS_STALE)
        .select('dataset_ref', 'consumer_ref');
      await rows().update({
        problem: null,
        checked_at: this.knex.fn.now(),
        tried_at: this.knex.fn.now(),
      });
      return doubted.map(toKey);
    });
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
   * @returns those that less is known of
   */
  async removeParsed(before: Date): Promise<ConsumerKey[]> {
    const removed: KeyRow[] = await this.knex('parsed_field_uses')
      .whereRaw('coalesce(checked_at, tried_at) < ?', [before])
      .delete()
      .returning(['dataset_ref', 'consumer_ref']);
    return removed.map(toKey);
  }

  /** As {@link saveObservedRun}. */
  saveObserved(run: ObservedRun): ReturnType<typeof saveObservedRun> {
    return saveObservedRun(this.knex, run);
  }

  /**
   * Forgets what runs read and wrote before.
   *
   * @returns those that fewer jobs are known of
   */
  async removeObserved(before: Date): Promise<ConsumerKey[]> {
    const removed: KeyRow[] = await this.knex('observed_field_uses')
      .where('event_time', '<', before)
      .delete()
      .returning(['dataset_ref', 'consumer_ref']);
    await this.knex('field_lineage').where('event_time', '<', before).delete();
    return removed.map(toKey);
  }

  /** As {@link settleRuns}. */
  settleRuns(before: Date): Promise<void> {
    return settleRuns(this.knex, before);
  }

  /** As {@link removeLineage}. */
  removeLineage(before: Date): Promise<void> {
    return removeLineage(this.knex, before);
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

function toKey(row: KeyRow): ConsumerKey {
  return { datasetRef: row.dataset_ref, entityRef: row.consumer_ref };
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
