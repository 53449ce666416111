import { CompatibilityGrades } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { AgentRegistry } from '../../agents/AgentRegistry';
import { DatasetDirectory } from '../../datasets/types';
import { Outbox } from '../../notifications/types';
import { JobQueue } from '../../queue/types';
import { MayStillMigrate, MigrationListener } from '../types';

/** What the actions of people need. */
export interface ActionDependencies {
  knex: Knex;
  queue: JobQueue;
  directory: DatasetDirectory;
  agents: AgentRegistry;
  /** Rules of compatibility that are graded otherwise than by default. */
  grades?: CompatibilityGrades;
  mayStillMigrate: MayStillMigrate;
  migrationChanged: MigrationListener;
}

/** What those need besides that tell consumers of it at once. */
export interface TellingDependencies extends ActionDependencies {
  outbox: Pick<Outbox, 'announce'>;
}
