import { literal } from '../sql/quote';

/** What a DuckDB process is opened with. */
export interface SessionSettings {
  /** How many statements may run at a time. */
  connections: number;
  config: Record<string, string>;
  /** Run in each connection: what is a setting of its own. */
  perConnection: string[];
  /** Run once, last. */
  statements: string[];
}

/** The parts that differ between processes. */
export interface SessionOptions {
  /** Folders that may be read and written, all below them included. */
  folders: string[];
  tempDirectory: string;
  memoryLimit: string;
  /** Of one statement. */
  threads: number;
  connections: number;
}

/**
 * Keeps the process near its limit, which counts what DuckDB uses and not what
 * its allocator holds back: that is given back in small portions. Nor is a file
 * kept in memory for a second reading, which is to come from the disk.
 */
const FRUGAL = [
  `SET enable_external_file_cache = false`,
  `SET allocator_flush_threshold = '16MB'`,
  `SET allocator_bulk_deallocation_flush_threshold = '64MB'`,
];

/**
 * Opens the folders and locks everything else: no other file, no network, no
 * extension, no further setting. Rows keep the order of the source, by which
 * the verification knows them.
 */
export function sessionSettings(options: SessionOptions): SessionSettings {
  const allowed = [...options.folders, options.tempDirectory].map(literal);
  return {
    connections: options.connections,
    config: {
      threads: String(options.threads),
      memory_limit: options.memoryLimit,
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    },
    perConnection: [
      `SET TimeZone = 'UTC'`,
      // Kept count of, and asked for; nothing is drawn.
      `SET enable_progress_bar = true`,
      `SET enable_progress_bar_print = false`,
    ],
    statements: [
      ...FRUGAL,
      // It takes what two TRYs share out of both, and what fails there with it.
      `SET disabled_optimizers = 'common_subexpressions'`,
      `SET temp_directory = ${literal(options.tempDirectory)}`,
      `SET allowed_directories = [${allowed.join(', ')}]`,
      `SET enable_external_access = false`,
      `SET lock_configuration = true`,
    ],
  };
}
