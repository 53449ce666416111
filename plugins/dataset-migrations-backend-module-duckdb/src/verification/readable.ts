import { RelationField } from '../relations/Relation';
import { Scope } from '../sql/Scope';

/** SQL of a value; that of a column that can only pass through as the file has it. */
export function readable(column: RelationField): string {
  try {
    return column.read(new Scope());
  } catch {
    return column.raw!;
  }
}
