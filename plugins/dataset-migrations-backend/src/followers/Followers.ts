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
   * Entity refs of the users who follow a dataset and may still read it.
   *
   * @param told - users and groups who are told besides: neither these users nor
   *   members of these groups, or of groups within them, are told twice
   */
  async toTell(datasetRef: string, told: readonly string[]): Promise<string[]> {
    const { store, initiators, memberships } = this.options;
    const followers = await initiators.thoseWhoStillMay(
      await store.ofDataset(datasetRef),
      datasetRef,
    );
    const refs = followers.map(({ subject }) => subject);
    if (refs.length === 0 || told.length === 0) {
      return refs;
    }
    const groups = await memberships.all(refs);
    const isTold = new Set(told);
    return refs.filter(
      ref =>
        !isTold.has(ref) &&
        ![...(groups.get(ref) ?? [])].some(group => isTold.has(group)),
    );
  }
}
