import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { mayBeGathered, tellsOwner } from './receivers';
import { AnnouncementKind, followedKinds } from './types';

/** Who is told of a dataset through Backstage's notifications, but for its consumers. */
export interface PeopleToTell {
  /** Of the dataset. */
  owner?: string;
  /** Whether people follow the dataset. */
  followed?: boolean;
  /** Whether a campaign tells owners at its end, so that they are not told now. */
  gathered?: boolean;
}

/** Looked up in one statement, or none where nobody of them is told. */
export async function peopleToTell(
  trx: Knex.Transaction,
  kind: AnnouncementKind,
  migration: Pick<MigrationRecord, 'datasetRef' | 'campaignId'>,
): Promise<PeopleToTell> {
  const { datasetRef, campaignId } = migration;
  const ofOwner = tellsOwner(kind);
  const ofFollowers = followedKinds.includes(kind);
  if (!ofOwner && !ofFollowers) {
    return {};
  }
  const { rows } = await trx.raw(
    `SELECT datasets.owner,
       EXISTS (
         SELECT FROM dataset_followers WHERE dataset_ref = datasets.entity_ref
       ) AS followed,
       EXISTS (
         SELECT FROM campaigns
         WHERE id = ?::uuid AND state NOT IN ('finished', 'cancelled', 'failed')
       ) AS gathered
     FROM (VALUES (?::text)) AS about (dataset_ref)
     LEFT JOIN datasets ON datasets.entity_ref = about.dataset_ref`,
    [(mayBeGathered(kind) && campaignId) || null, datasetRef],
  );
  const [{ owner, followed, gathered }] = rows;
  return {
    owner: ofOwner ? owner ?? undefined : undefined,
    followed: ofFollowers && followed,
    gathered,
  };
}
