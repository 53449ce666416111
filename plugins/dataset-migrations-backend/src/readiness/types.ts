import { OpenMigration } from '../database/operations/migrations/findOpenMigration';
import { JudgedPlan } from '../planning/judge';

/** A version that a consumer is asked about. */
export interface Upcoming {
  version: string;
  plan: JudgedPlan;
  /** The migration that is under way, or whose old version is still there. */
  migration?: OpenMigration;
}

/** The same before it is planned. */
export interface AwaitedVersion {
  version: string;
  /** The one that it is to follow, where that is known. */
  fromVersion?: string;
  migration?: OpenMigration;
  /**
   * Plans it, which costs something.
   *
   * @throws NotFoundError for a version without a contract; InputError when no plan
   *   can be made
   */
  find(): Promise<Upcoming>;
}
