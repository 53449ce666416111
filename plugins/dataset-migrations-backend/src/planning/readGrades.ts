import { Config } from '@backstage/config';
import {
  CompatibilityGrades,
  readCompatibilityGrades,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';

/**
 * How the organisation grades rules of compatibility otherwise than by default.
 *
 * @throws InputError for a rule or a grade that there is not
 */
export function readGrades(config: Config): CompatibilityGrades {
  return readCompatibilityGrades(
    config.getOptional('datasetMigrations.compatibility.rules'),
  );
}
