import { ChangeEffect } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { DatasetScope, whereInScope } from '../permissions/filterDatasets';
import { DatasetPermissionResource } from '../permissions/rules';
import { Ahead } from '../planning/severityAhead';
import { DatasetContent } from './readDataset';
import { storableJson, storableText } from './storableJson';
import { DatasetRecord } from './types';
import { versionsOf } from './versionStates';

/** A row of `datasets`. */
export interface DatasetRow {
  entity_ref: string;
  title: string;
  description: string | null;
  owner: string | null;
  system: string | null;
  engine: string | null;
  location: DatasetRecord['location'] | null;
  further_locations: DatasetRecord['furtherLocations'] | null;
  current_version: string | null;
  published: boolean;
  next_version: string | null;
  severity: ChangeEffect | null;
  versions: DatasetRecord['versions'];
  contracts: DatasetRecord['contracts'];
  documents: DatasetRecord['documents'];
  windows: DatasetRecord['windows'];
  problems: DatasetRecord['problems'];
  content_hash: string;
  updated_at: Date;
}

/** What the plugin published of a dataset. */
export interface Published {
  current: string;
  coexisting?: string;
}

export function fromDatasetRow(row: DatasetRow): DatasetRecord {
  return {
    entityRef: row.entity_ref,
    title: row.title,
    description: row.description ?? undefined,
    owner: row.owner ?? undefined,
    system: row.system ?? undefined,
    engine: row.engine ?? undefined,
    location: row.location ?? undefined,
    furtherLocations: row.further_locations ?? undefined,
    currentVersion: row.current_version ?? undefined,
    published: row.published,
    nextVersion: row.next_version ?? undefined,
    severity: row.severity ?? undefined,
    versions: row.versions,
    contracts: row.contracts,
    documents: row.documents,
    windows: row.windows,
    problems: row.problems,
  };
}

/** Narrows a query of `datasets` to those that depend on one of the entities. */
export function whereDependsOn(
  query: Knex.QueryBuilder,
  entityRefs: readonly string[],
): void {
  query.whereRaw('depends_on \\?| ?::text[]', [[...entityRefs]]);
}

/** The table `datasets`. */
export class DatasetStore {
  /** @param severityOf - how grave it is what is ahead of a dataset */
  constructor(
    private readonly knex: Knex,
    private readonly severityOf: (
      dataset: Ahead,
    ) => Promise<ChangeEffect | undefined>,
  ) {}

  /** The database's clock, for `before` of {@link DatasetStore.removeOthers}. */
  async now(): Promise<Date> {
    const { rows } = await this.knex.raw('SELECT now() AS now');
    return rows[0].now;
  }

  /** @param hash - finds it with that content only */
  async find(
    entityRef: string,
    hash?: string,
  ): Promise<DatasetRecord | undefined> {
    const row = await this.knex('datasets')
      .where({
        entity_ref: entityRef,
        ...(hash !== undefined && { content_hash: hash }),
      })
      .first();
    return row && fromDatasetRow(row);
  }

  /**
   * A dataset with the hash of its content, how many consumers of it are known, and the
   * database's clock: for who asks the catalog next, in one statement.
   */
  async findNow(entityRef: string): Promise<{
    known?: { dataset: DatasetRecord; hash: string };
    consumers: number;
    now: Date;
  }> {
    const { rows } = await this.knex.raw(
      `SELECT asked.*, datasets.*
       FROM (
         SELECT now() AS now, count(*)::int AS consumers
         FROM consumers
         WHERE dataset_ref = :entityRef
       ) AS asked
       LEFT JOIN datasets ON entity_ref = :entityRef`,
      { entityRef },
    );
    const { now, consumers, ...row } = rows[0];
    return {
      ...(row.entity_ref !== null && {
        known: { dataset: fromDatasetRow(row), hash: row.content_hash },
      }),
      consumers,
      now,
    };
  }

  /** Those of the refs that are datasets within the scope. */
  async findAll(
    entityRefs: string[],
    scope: DatasetScope = { kind: 'all' },
  ): Promise<DatasetRecord[]> {
    const query = this.knex('datasets').whereRaw('entity_ref = any(?)', [
      entityRefs,
    ]);
    whereInScope(query, scope);
    const rows: DatasetRow[] = await query;
    return rows.map(fromDatasetRow);
  }

  /**
   * The datasets within a scope that may be made by an entity: those that depend on it,
   * or are it, and then those that depend on what it reads. The first ones of many.
   */
  async madeBy(
    entityRef: string,
    options: { reads: string[]; limit: number; scope: DatasetScope },
  ): Promise<DatasetRecord[]> {
    const { reads, limit, scope } = options;
    const query = this.knex('datasets')
      .where(made =>
        made
          .where({ entity_ref: entityRef })
          .orWhere(one => whereDependsOn(one, [entityRef, ...reads])),
      )
      .orderByRaw(
        '(entity_ref = ? OR depends_on @> to_jsonb(?::text)) DESC, entity_ref',
        [entityRef, entityRef],
      )
      .limit(limit);
    whereInScope(query, scope);
    const rows: DatasetRow[] = await query;
    return rows.map(fromDatasetRow);
  }

  /**
   * What permission rules look at, in the order of the refs; undefined where
   * there is no such dataset.
   */
  async resources(
    entityRefs: string[],
  ): Promise<Array<DatasetPermissionResource | undefined>> {
    const rows: DatasetRow[] = await this.knex('datasets')
      .select('entity_ref', 'owner', 'engine', 'severity')
      .whereRaw('entity_ref = any(?)', [entityRefs]);
    const byRef = new Map(
      rows.map(({ entity_ref: entityRef, owner, engine, severity }) => [
        entityRef,
        {
          entityRef,
          owner: owner ?? undefined,
          engine: engine ?? undefined,
          severity: severity ?? undefined,
        },
      ]),
    );
    return entityRefs.map(ref => byRef.get(ref));
  }

  /** The refs of all datasets. */
  async refs(): Promise<Set<string>> {
    const rows: Array<{ entity_ref: string }> = await this.knex(
      'datasets',
    ).select('entity_ref');
    return new Set(rows.map(row => row.entity_ref));
  }

  /** The content hashes of those that are there. */
  async hashes(entityRefs: string[]): Promise<Map<string, string>> {
    const rows: Array<{ entity_ref: string; content_hash: string }> =
      await this.knex('datasets')
        .select('entity_ref', 'content_hash')
        .whereRaw('entity_ref = any(?)', [entityRefs]);
    return new Map(rows.map(row => [row.entity_ref, row.content_hash]));
  }

  /** Writes what an entity says, keeping what the plugin published. */
  async save(content: DatasetContent): Promise<DatasetRecord> {
    return (await this.saveUnlessPassed(content))!;
  }

  /**
   * The same. The row is locked meanwhile, so that a cut over at the same moment is not
   * undone here.
   *
   * @param before - when the entity was not read yet
   * @returns undefined where something was written since, which may be newer, and stays
   */
  async saveUnlessPassed(
    content: DatasetContent,
    before?: Date,
  ): Promise<DatasetRecord | undefined> {
    return this.knex.transaction(async trx => {
      const existing: DatasetRow | undefined = await trx('datasets')
        .where({ entity_ref: content.entityRef })
        .forUpdate()
        .first();
      if (existing && before && existing.updated_at >= before) {
        return undefined;
      }
      const published = existing
        ? publishedOf(existing)
        : await publishedInHistory(trx, content.entityRef);
      const versions = versionsOf(content.contracts, published);
      const severity = await this.severityOf({
        ...content,
        currentVersion: versions.current,
      });
      const [row] = await trx('datasets')
        .insert({
          ...toRow(content, versions),
          published: published !== undefined,
          severity: severity ?? null,
          updated_at: trx.fn.now(),
        })
        .onConflict('entity_ref')
        .merge()
        .returning('*');
      return fromDatasetRow(row);
    });
  }

  /** Records what the pipeline published, in its transaction. */
  async setPublished(
    trx: Knex.Transaction,
    entityRef: string,
    published: Published,
  ): Promise<void> {
    const row: DatasetRow | undefined = await trx('datasets')
      .where({ entity_ref: entityRef })
      .forUpdate()
      .first();
    if (row) {
      const { current, next, versions } = versionsOf(row.contracts, published);
      const severity = await this.severityOf({
        ...fromDatasetRow(row),
        currentVersion: current,
      });
      await trx('datasets')
        .where({ entity_ref: entityRef })
        .update({
          current_version: current,
          next_version: next ?? null,
          severity: severity ?? null,
          published: true,
          versions: storableJson(versions),
          updated_at: trx.fn.now(),
        });
    }
  }

  /**
   * Removes the datasets that are not among `seen`, except those written since
   * `before`.
   * @returns their refs
   */
  async removeOthers(options: {
    seen: string[];
    before: Date;
  }): Promise<string[]> {
    const removed: Array<{ entity_ref: string }> = await this.knex('datasets')
      .where('updated_at', '<', options.before)
      .whereRaw('entity_ref <> all(?)', [options.seen])
      .delete()
      .returning('entity_ref');
    return removed.map(row => row.entity_ref);
  }

  /**
   * Removes datasets.
   *
   * @param options.before - except those written since
   * @returns the refs of those that there were
   */
  async remove(
    entityRefs: string[],
    options: { before?: Date } = {},
  ): Promise<string[]> {
    const query = this.knex('datasets').whereRaw('entity_ref = any(?)', [
      entityRefs,
    ]);
    if (options.before) {
      query.where('updated_at', '<', options.before);
    }
    const removed: Array<{ entity_ref: string }> = await query
      .delete()
      .returning('entity_ref');
    return removed.map(row => row.entity_ref);
  }
}

function publishedOf(row: DatasetRow): Published | undefined {
  if (!row.published || row.current_version === null) {
    return undefined;
  }
  return {
    current: row.current_version,
    coexisting: row.versions.find(({ state }) => state === 'coexisting')
      ?.version,
  };
}

/**
 * What was published of a dataset whose row is gone: an entity that leaves the
 * catalog and comes back must not fall back to the version of its contract.
 */
async function publishedInHistory(
  trx: Knex.Transaction,
  entityRef: string,
): Promise<Published | undefined> {
  const last = await trx('migrations')
    .where({ dataset_ref: entityRef })
    .whereIn('state', ['succeeded', 'rolling-back', 'rolled-back'])
    .orderBy('finished_at', 'desc', 'first')
    .first('state', 'from_version', 'to_version', 'old_version_state');
  if (!last) {
    return undefined;
  }
  if (last.state === 'rolled-back') {
    return { current: last.from_version };
  }
  return {
    current: last.to_version,
    coexisting:
      last.old_version_state === 'coexisting' ? last.from_version : undefined,
  };
}

function toRow(
  content: DatasetContent,
  { current, next, versions }: ReturnType<typeof versionsOf>,
) {
  const [location, ...others] = content.locations;
  return {
    entity_ref: content.entityRef,
    title: storableText(content.title),
    description:
      content.description === undefined
        ? null
        : storableText(content.description),
    owner: content.owner ?? null,
    system: content.system ?? null,
    engine: location?.engine ?? null,
    location_key: location?.key ?? null,
    location: location ? storableJson(location) : null,
    further_locations: others.length > 0 ? storableJson(others) : null,
    current_version: current ?? null,
    next_version: next ?? null,
    versions: storableJson(versions),
    contracts: storableJson(content.contracts),
    documents: storableJson(content.documents),
    windows: storableJson(content.windows),
    depends_on: storableJson(content.dependsOn),
    problems: storableJson(content.problems),
    content_hash: content.hash,
  };
}
