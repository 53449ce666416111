/*
 * The parser's tree is plain JSON. An expression is an object with one key, which
 * names its kind: `{ column: { name: …, table: … } }`. Empty lists and nulls are
 * left out by the thread that parses.
 */

/** The insides of an expression, by names that the parser gives. */
export type Data = Record<string, any>;

export interface Expression {
  kind: string;
  data: Data;
}

/** The expression that a value is; undefined for lists, text and inner parts. */
export function asExpression(value: unknown): Expression | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  if (keys.length !== 1 || !isObject(value[keys[0]])) {
    return undefined;
  }
  const [kind] = keys;
  // Only comments were put around it.
  return kind === 'annotated'
    ? asExpression(value.annotated.this)
    : { kind, data: value[kind] };
}

export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}

/** SQL names are compared in lower case: quoting is not always for the case. */
export function fold(name: string): string {
  return name.toLocaleLowerCase('en-US');
}

/** The name that a part is, or has. */
export function nameOf(identifier: Data | undefined): string | undefined {
  const name = identifier?.name;
  return typeof name === 'string' && name !== '' ? fold(name) : undefined;
}

export function namesOf(identifiers: unknown): string[] {
  return listOf(identifiers).flatMap(one => nameOf(one) ?? []);
}

/** The line that a name or a column stands on; 0 where the parser lost it. */
export function lineOf(part: Data | undefined): number {
  const span =
    part?.span ?? part?.name?.span ?? part?.field?.span ?? part?.table?.span;
  return typeof span?.line === 'number' ? span.line : 0;
}

/**
 * `a.b.c` as its parts, of a column or of a chain of dots; undefined when it does
 * not begin with a name.
 */
export function dottedName(expression: Expression): string[] | undefined {
  const fields: string[] = [];
  let current: Expression | undefined = expression;
  while (current?.kind === 'dot') {
    fields.unshift(String(current.data.field?.name ?? ''));
    current = asExpression(current.data.this);
  }
  if (current?.kind !== 'column') {
    return undefined;
  }
  const { table, name } = current.data;
  return [
    ...(table?.name ? [String(table.name)] : []),
    String(name?.name ?? ''),
    ...fields,
  ];
}

/** Every text below a value; for looking whether something is named at all. */
export function* textsBelow(value: unknown): Iterable<string> {
  // Trees are deeper than generators that wait for each other may be.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') {
      yield next;
    } else if (typeof next === 'object' && next !== null) {
      pushAll(open, next);
    }
  }
}

/** Every text that a literal has, in their order. */
export function* literalsBelow(value: unknown): Iterable<string> {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    const literal = asExpression(next);
    if (literal?.kind === 'literal') {
      if (/string/.test(String(literal.data.literal_type))) {
        yield String(literal.data.value);
      }
    } else if (typeof next === 'object' && next !== null) {
      pushAll(open, next);
    }
  }
}

/** The first of them comes next. */
function pushAll(open: unknown[], value: object): void {
  const values = Object.values(value);
  for (let index = values.length - 1; index >= 0; index -= 1) {
    open.push(values[index]);
  }
}
