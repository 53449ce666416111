import { OpenMigration } from '../database/operations/migrations/findOpenMigration';
import { JudgedPlan } from '../planning/judge';

/** A version that a consumer is asked about. */
export interface Upcoming {
  version: string;
  plan: JudgedPlan;
  /** The migration that is under way, or whose old version is still there. */
  migration?: OpenMigration;
}
