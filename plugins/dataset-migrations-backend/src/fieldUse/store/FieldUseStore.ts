import { UnreadSource } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { inBatches } from '../../database/inBatches';
import { storableJson, storableText } from '../../datasets/storableJson';
import { StoredUse } from './fieldUseOf';

/** A consumer of a dataset whose source can be read. */
export interface SourceReader {
  datasetRef: string;
  consumerRef: string;
  sourceUrl: string;
  sqlDialect?: string;
  /** Of the last time that its source was read; absent when it was not, or elsewhere. */
  etag?: string;
  inputHash?: string;
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
}

/** What a run of a consumer's job read. */
export interface ObservedUse {
  datasetRef: string;
  consumerRef: string;
  job: string;
  runId: string;
  fields: string[];
  eventTime: Date;
}

/** The tables `parsed_field_uses` and `observed_field_uses`. */
export class FieldUseStore {
  constructor(private readonly knex: Knex) {}

  /** All consumers whose source can be read, by its address. */
  async sourceReaders(): Promise<SourceReader[]> {
    const rows: Array<Record<string, string | null>> = await this.knex(
      'consumers',
    )
      .leftJoin('parsed_field_uses AS parsed', join =>
        join
          .on('parsed.dataset_ref', 'consumers.dataset_ref')
          .andOn('parsed.consumer_ref', 'consumers.consumer_ref')
          .andOn('parsed.source_url', 'consumers.source_url'),
      )
      .whereNotNull('consumers.source_url')
      .orderBy(['consumers.source_url', 'consumers.consumer_ref'])
      .select(
        'consumers.dataset_ref',
        'consumers.consumer_ref',
        'consumers.source_url',
        'consumers.sql_dialect',
        'parsed.etag',
        'parsed.input_hash',
      );
    return rows.map(row => ({
      datasetRef: row.dataset_ref!,
      consumerRef: row.consumer_ref!,
      sourceUrl: row.source_url!,
      sqlDialect: row.sql_dialect ?? undefined,
      etag: row.etag ?? undefined,
      inputHash: row.input_hash ?? undefined,
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
          })),
        )
        .onConflict(['dataset_ref', 'consumer_ref'])
        .merge(['problem'])
        .returning('dataset_ref'),
    );
  }

  /** Removes what was read for entities that are consumers no longer. */
  async removeOthers(): Promise<void> {
    await this.knex('parsed_field_uses')
      .whereNotExists(
        this.knex('consumers')
          .whereRaw('consumers.dataset_ref = parsed_field_uses.dataset_ref')
          .whereRaw('consumers.consumer_ref = parsed_field_uses.consumer_ref')
          .whereNotNull('consumers.source_url'),
      )
      .delete();
  }

  /**
   * Keeps what a run read, unless a newer one of the same job is known.
   *
   * @returns the datasets of which something else is known than before
   */
  async saveObserved(uses: readonly ObservedUse[]): Promise<Set<string>> {
    const saved: Array<{ dataset_ref: string }> = await inBatches(uses, batch =>
      this.knex('observed_field_uses')
        .insert(
          batch.map(use => ({
            dataset_ref: use.datasetRef,
            consumer_ref: use.consumerRef,
            job: storableText(use.job),
            run_id: storableText(use.runId),
            fields: storableJson(use.fields),
            event_time: use.eventTime,
          })),
        )
        .onConflict(['dataset_ref', 'consumer_ref', 'job'])
        .merge(['run_id', 'fields', 'event_time', 'received_at'])
        .whereRaw('observed_field_uses.event_time < excluded.event_time')
        .returning('dataset_ref'),
    );
    return new Set(saved.map(row => row.dataset_ref));
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
      problem: null,
      read_at: this.knex.fn.now(),
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

function keyOf(use: { datasetRef: string; consumerRef: string }): string {
  return `${use.datasetRef} ${use.consumerRef}`;
}

/** Equal for equal content: jsonb gives keys in an order of its own. */
function contentOf({
  uses,
  unread,
}: {
  uses: StoredUse[];
  unread: UnreadSource[];
}): string {
  return JSON.stringify([
    uses.map(({ field, file, line, star }) => [field, file, line, star]),
    unread.map(({ file, line, reason }) => [file, line, reason]),
  ]);
}
