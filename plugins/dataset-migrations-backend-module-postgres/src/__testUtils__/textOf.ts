import { Statement } from '../connection/prepared';

/** The SQL that the driver was asked to run, kept by the server or not. */
export function textOf(asked: unknown): string {
  const statement = asked as Statement;
  return typeof statement === 'string' ? statement : statement.text;
}
