import { UnreadFile } from './types';

/** Bytes of a file; longer ones are reported, not read. */
const MAX_FILE_BYTES = 256 * 1024;
/** Of SQL and projects, and as many of other code. */
const MAX_FILES = 3_000;
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;

/** What builds and package managers put there, which nobody wrote. */
const IGNORED_FOLDERS = new Set([
  '.git',
  'dbt_modules',
  'dbt_packages',
  'node_modules',
  'target',
]);

/** SQL, dbt projects, and code that may have SQL in it. */
const WANTED = new Set(
  `sql yml yaml csv py
  bash bat c cc cfg cjs clj conf cpp cs cts dml ddl ex exs fs go gradle groovy h hpp
  hql ini ipynb j2 java jinja jinja2 jl js jsx kt kts lkml lua malloy mjs mts pgsql
  php pkb pks pl plsql pm prc prql ps1 psql qmd r rb rmd rs scala sh swift tf tmpl toml
  tpl ts tsx vb xml zsh json`.split(/\s+/),
);

/** What holds data rather than code, and is not missed where it is large. */
const DATA = new Set(['csv', 'json', 'xml']);

/** Whether a file may say which fields its source reads, or that it reads some. */
export function isWanted(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop()!;
  return (
    WANTED.has(extensionOf(name)) &&
    !folders.some(folder => IGNORED_FOLDERS.has(folder) || folder === '..')
  );
}

function extensionOf(path: string): string {
  return /\.(\w+)$/.exec(path)?.[1].toLocaleLowerCase('en-US') ?? '';
}

/** What is read, as against what is only looked through for names. */
const READ = new Set(['sql', 'yml', 'yaml', 'csv']);

/** What was taken of one kind of files. */
interface Taken {
  files: number;
  bytes: number;
  exceeded: boolean;
}

/**
 * Takes the files of one source until there are too many, and notes what it did not.
 * Much code does not keep SQL from being read.
 */
export class SourceLimits {
  readonly unread: UnreadFile[] = [];
  private readonly read: Taken = { files: 0, bytes: 0, exceeded: false };
  private readonly searched: Taken = { files: 0, bytes: 0, exceeded: false };

  takes(path: string, size: number): boolean {
    const extension = extensionOf(path);
    const taken = READ.has(extension) ? this.read : this.searched;
    if (!isWanted(path) || taken.exceeded) {
      return false;
    }
    if (size > MAX_FILE_BYTES) {
      if (!DATA.has(extension)) {
        this.unread.push({
          file: path,
          reason: `has ${size} bytes, more than ${MAX_FILE_BYTES}`,
        });
      }
      return false;
    }
    taken.files += 1;
    taken.bytes += size;
    if (taken.files > MAX_FILES || taken.bytes > MAX_TOTAL_BYTES) {
      taken.exceeded = true;
      this.unread.push({
        file: path,
        reason: `is not read, nor what comes after it: there are more than ${MAX_FILES} files or ${MAX_TOTAL_BYTES} bytes`,
      });
      return false;
    }
    return true;
  }
}
