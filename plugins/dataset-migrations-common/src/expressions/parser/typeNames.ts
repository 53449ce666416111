import { InputError } from '@backstage/errors';
import { parsePhysicalType } from '../../contracts/physicalTypes';
import { FieldType } from '../../contracts/types';
import { MAX_PRECISION } from '../literals';
import { SqlNode } from './sqlParser';

/** Types of PostgreSQL that an expression may cast to. */
const allowed = new Set([
  'bool',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'text',
  'varchar',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'uuid',
]);

/**
 * The type that a cast names.
 *
 * @throws InputError naming the type that is not allowed
 */
export function readTypeName(typeName: SqlNode): FieldType {
  const parts: string[] = (typeName.names ?? []).map(
    (name: SqlNode) => name.String?.sval ?? '',
  );
  const name = parts[parts.length - 1] ?? '';
  const written = `${typeName.setof ? 'setof ' : ''}${parts
    .filter(part => part !== 'pg_catalog')
    .join('.')}${typeName.pct_type ? '%type' : ''}`;
  const qualified = parts.length > (parts[0] === 'pg_catalog' ? 2 : 1);
  if (qualified || typeName.setof || typeName.pct_type || !allowed.has(name)) {
    throw new InputError(
      `type ${written} is not allowed; allowed are ${[...allowed].join(', ')}`,
    );
  }
  if (typeName.arrayBounds) {
    throw new InputError(`type ${written}[] is not allowed: casts to arrays`);
  }
  const modifiers: number[] = (typeName.typmods ?? []).map(
    (modifier: SqlNode) => modifier.A_Const?.ival?.ival ?? 0,
  );
  if (modifiers.length > 0 && name !== 'numeric') {
    throw new InputError(
      name === 'varchar'
        ? 'type varchar(n) is not allowed: such a cast cuts text silently; use left(text, n)'
        : `type ${written}(${modifiers.join(
            ',',
          )}) is not allowed: give it no precision`,
    );
  }
  const type = parsePhysicalType(
    modifiers.length > 0 ? `${name}(${modifiers.join(',')})` : name,
  );
  if (!type || modifiers.some(modifier => modifier > MAX_PRECISION)) {
    throw new InputError(
      `type ${written}(${modifiers.join(',')}) is not a valid type`,
    );
  }
  return type;
}
