import { InputError } from '@backstage/errors';
import { ContractServer } from '@skein/backstage-plugin-dataset-migrations-common';

/** How CSV files are written. They are UTF-8 and begin with the names of the columns. */
export interface Dialect {
  delimiter: string;
  quote: string;
  /** What stands before a quote within quotes: the quote itself, or a backslash. */
  escape: string;
  /** What an unquoted field holds for NULL. */
  nullText: string;
  /** What decimals and floats have before their fraction. */
  decimal: '.' | ',';
}

/** As PostgreSQL writes it; what neither contract nor file tells is that. */
export const STANDARD: Dialect = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  nullText: '',
  decimal: '.',
};

/**
 * What a contract's server says of the dialect: `delimiter`, `quote`, `escape`,
 * `nullText` and `decimalSeparator`; `header` and `encoding` can only say what is
 * so in any case.
 *
 * @throws InputError naming the property that cannot be used
 */
export function dialectOf({
  server,
  properties,
}: ContractServer): Partial<Dialect> {
  const refuse = (name: string, why: string) =>
    new InputError(
      `Server '${server}' has the ${name} ${JSON.stringify(
        properties[name],
      )}; ${why}`,
    );
  const read = (name: string, allowed: RegExp, why: string) => {
    const value = properties[name];
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== 'string' || !allowed.test(value)) {
      throw refuse(name, why);
    }
    return value;
  };
  if (!['undefined', 'true'].includes(String(properties.header))) {
    throw refuse(
      'header',
      'files must begin with the names of their columns, as nothing else tells these apart',
    );
  }
  if (!/^(undefined|utf-?8)$/i.test(String(properties.encoding))) {
    throw refuse('encoding', 'only utf-8 can be written back as it was');
  }
  const given: Partial<Dialect> = {
    delimiter: read(
      'delimiter',
      /^[^"'\\\r\n0-9a-z.+-]$/i,
      'it must be one sign that no number holds',
    ),
    quote: read('quote', /^["']$/, `it must be " or '`),
    escape: read('escape', /^["'\\]$/, `it must be the quote or a backslash`),
    nullText: read(
      'nullText',
      /^[^"'\r\n]{0,40}$/,
      'it must be a short text without quotes',
    ),
    decimal: read('decimalSeparator', /^[.,]$/, 'it must be . or ,') as
      | '.'
      | ','
      | undefined,
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
}
