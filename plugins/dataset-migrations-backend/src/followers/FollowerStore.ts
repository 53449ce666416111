import { Knex } from 'knex';
import { storableJson } from '../datasets/storableJson';
import { Initiator } from '../permissions/initiators';

/** A user who wants to hear of a dataset, with what allowed to read it. */
export type Follower = Initiator & { kind: 'user' };

interface FollowerRow {
  follower_ref: string;
  decision: Follower['decision'];
  groups: string[] | null;
}

/** The table `dataset_followers`. */
export class FollowerStore {
  constructor(private readonly knex: Knex) {}

  /** Who follows already is known by what allows it now. */
  async add(datasetRef: string, follower: Follower): Promise<void> {
    const { subject, decision, groups } = follower;
    await this.knex('dataset_followers')
      .insert({
        dataset_ref: datasetRef,
        follower_ref: subject,
        decision: storableJson(decision),
        groups: groups ? storableJson(groups) : null,
      })
      .onConflict(['dataset_ref', 'follower_ref'])
      .merge(['decision', 'groups']);
  }

  async remove(datasetRef: string, followerRef: string): Promise<void> {
    await this.knex('dataset_followers')
      .where({ dataset_ref: datasetRef, follower_ref: followerRef })
      .delete();
  }

  async follows(datasetRef: string, followerRef: string): Promise<boolean> {
    const row = await this.knex('dataset_followers')
      .where({ dataset_ref: datasetRef, follower_ref: followerRef })
      .first('follower_ref');
    return row !== undefined;
  }

  async ofDataset(datasetRef: string): Promise<Follower[]> {
    const rows: FollowerRow[] = await this.knex('dataset_followers')
      .where({ dataset_ref: datasetRef })
      .orderBy('follower_ref')
      .select('follower_ref', 'decision', 'groups');
    return rows.map(({ follower_ref: subject, decision, groups }) => ({
      kind: 'user',
      subject,
      decision,
      groups: groups ?? undefined,
    }));
  }
}
