/**
 * A value that all rows of a file share, told by the name of a folder around it
 * as Hive writes it: `year=2024`.
 */
export interface PartitionValue {
  name: string;
  /** Null where the folder says that there is none. */
  text: string | null;
}

/** @see https://hive.apache.org, `hive.exec.default.partition.name` */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** What a folder's name says of the rows below it; undefined for another folder. */
export function parsePartition(folder: string): PartitionValue | undefined {
  const sign = folder.indexOf('=');
  if (sign < 1) {
    return undefined;
  }
  const value = folder.slice(sign + 1);
  return {
    name: decode(folder.slice(0, sign)),
    text: value === NO_VALUE ? null : decode(value),
  };
}

/** The folder's name for a value. */
export function formatPartition({ name, text }: PartitionValue): string {
  return `${encode(name)}=${text === null ? NO_VALUE : encode(text)}`;
}

/**
 * What the folders of a file say of its rows, from the outermost on.
 *
 * @param path - relative, with `/`, as manifests write it
 */
export function partitionsOf(path: string): PartitionValue[] {
  return path
    .split('/')
    .slice(0, -1)
    .flatMap(folder => parsePartition(folder) ?? []);
}

/**
 * How files differ in what their folders tell: readers take the folders of one
 * file for those of all.
 *
 * @returns a sentence, undefined when they agree
 */
export function partitionProblem(paths: string[]): string | undefined {
  const namesOf = (path: string) => partitionsOf(path).map(({ name }) => name);
  const [first, ...rest] = paths;
  const other = rest.find(
    path => namesOf(path).join('/') !== namesOf(first).join('/'),
  );
  return other === undefined
    ? undefined
    : `'${other}' does not lie in folders of the same columns as '${first}'`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No escape, but a name that holds a percent sign.
    return text;
  }
}

/** Escapes more than addresses need: no reader may take a sign for a pattern. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
