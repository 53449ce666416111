import { Session } from '../connection/Session';
import { RunState } from '../control/runs';
import { RunContext } from '../RunContext';
import { soleProjection } from '../emit/projection';
import { Queryable } from '../table/readTable';
import { agentRowWriter } from './agentRowWriter';
import { projectionRowWriter } from './projectionRowWriter';
import { RowSelection } from './RowSelection';

/**
 * Gets rows of the source through the mapping into the shadow, or into another
 * table with the target's columns.
 */
export interface RowWriter {
  /**
   * Does what needs no transaction; nothing is written yet.
   * @returns writes the rows and says how many
   */
  prepare(rows: RowSelection): Promise<(session: Session) => Promise<number>>;
}

/**
 * @param into - quoted table with the target's columns
 * @param reader - reads what agents are given; by default connections of its
 *   own, one query each
 */
export function rowWriterFor(
  context: RunContext,
  columns: RunState['columns'],
  into: string,
  reader: Queryable = readerOf(context),
): RowWriter {
  const projection = soleProjection(context.run.mapping);
  return projection
    ? projectionRowWriter(context, projection, columns, into)
    : agentRowWriter(context, columns, into, reader);
}

function readerOf({ warehouse, run: { signal } }: RunContext): Queryable {
  return {
    query: (text, values) => warehouse.query(text, values, { signal }),
  };
}
