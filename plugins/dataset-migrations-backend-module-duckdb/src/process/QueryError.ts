import { CustomErrorBase } from '@backstage/errors';

/** A statement that DuckDB refused or could not finish, with its message. */
export class QueryError extends CustomErrorBase {
  name = 'QueryError' as const;
}
