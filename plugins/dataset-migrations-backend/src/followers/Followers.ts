import { Initiators } from '../permissions/initiators';
import { Memberships } from '../permissions/Memberships';
import { FollowerStore } from './FollowerStore';

/** Whom of those who follow a dataset to tell. */
export class Followers {
  constructor(
    private readonly options: {
      store: FollowerStore;
      initiators: Initiators;
      memberships: Memberships;
    },
  ) {}

  /**
   * Entity refs of the users who follow a dataset and may still read it. Notes who has
   * left the catalog.
   *
   * @param options.told - users and groups who are told besides: neither these users nor
   *   members of these groups, or of groups within them, are told twice
   * @param options.followedBy - who began to follow later is not told
   */
  async toTell(
    datasetRef: string,
    options: { told: readonly string[]; followedBy: Date },
  ): Promise<string[]> {
    const { store, initiators, memberships } = this.options;
    const { told, followedBy } = options;
    const followers = await store.ofDataset(datasetRef, { followedBy });
    const direct = await memberships.direct(
      followers.map(({ subject }) => subject),
    );
    await store.noteGone(
      datasetRef,
      followers
        // Others the catalog never knew.
        .filter(({ subject, groups }) => groups && !direct.has(subject))
        .map(({ subject }) => subject),
    );
    const allowed = await initiators.thoseWhoStillMay(
      followers,
      datasetRef,
      direct,
    );
    const refs = allowed.map(({ subject }) => subject);
    if (refs.length === 0 || told.length === 0) {
      return refs;
    }
    const groups = await memberships.withAbove(direct);
    const isTold = new Set(told);
    return refs.filter(
      ref =>
        !isTold.has(ref) &&
        ![...(groups.get(ref) ?? [])].some(group => isTold.has(group)),
    );
  }
}
