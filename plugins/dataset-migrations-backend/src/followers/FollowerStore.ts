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
        follower_gone_at: null,
      })
      .onConflict(['dataset_ref', 'follower_ref'])
      .merge(['decision', 'groups', 'follower_gone_at']);
  }

  /** Keeps by what somebody may read a dataset now, who follows it already and is there. */
  async renew(datasetRef: string, follower: Follower): Promise<void> {
    const { subject, decision, groups } = follower;
    await this.knex('dataset_followers')
      .where({ dataset_ref: datasetRef, follower_ref: subject })
      .update({
        decision: storableJson(decision),
        groups: groups ? storableJson(groups) : null,
        follower_gone_at: null,
      });
  }

  /**
   * Notes since when followers of a dataset are not in the catalog, and of the others
   * that they are.
   */
  async noteGone(datasetRef: string, goneRefs: string[]): Promise<void> {
    await this.knex('dataset_followers')
      .where({ dataset_ref: datasetRef })
      .whereRaw('(follower_gone_at IS NULL) = (follower_ref = any(?))', [
        goneRefs,
      ])
      .update({
        follower_gone_at: this.knex.raw(
          'CASE WHEN follower_gone_at IS NULL THEN now() END',
        ),
      });
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

  /** @param options.followedBy - who began to follow later is left out */
  async ofDataset(
    datasetRef: string,
    options: { followedBy?: Date } = {},
  ): Promise<Follower[]> {
    const query = this.knex('dataset_followers').where({
      dataset_ref: datasetRef,
    });
    if (options.followedBy) {
      // The moment may have come by way of JSON, which has milliseconds.
      query.whereRaw(`date_trunc('milliseconds', followed_at) <= ?`, [
        options.followedBy,
      ]);
    }
    const rows: FollowerRow[] = await query
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
