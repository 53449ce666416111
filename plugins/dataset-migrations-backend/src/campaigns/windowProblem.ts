import { MIGRATION_WINDOWS } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { DatasetRecord } from '../datasets/types';

/** What is wrong with the windows of a dataset: then nobody knows when it may start. */
export function windowProblem({ problems }: DatasetRecord): string | undefined {
  const problem = problems.find(({ path }) =>
    path.startsWith(MIGRATION_WINDOWS),
  );
  return problem && `${problem.path}: ${problem.message}`;
}
