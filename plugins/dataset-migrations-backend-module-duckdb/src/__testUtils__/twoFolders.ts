import { DuckDbPool } from '../process/DuckDbPool';

/**
 * A program that does nothing but use one process for two folders. Nothing but
 * that process may keep it from ending half way.
 */
async function main(): Promise<void> {
  const [temp, ...folders] = process.argv.slice(2);
  const pool = new DuckDbPool({
    memoryLimit: '256MB',
    threads: 1,
    processes: 1,
    tempDirectory: temp,
  });
  for (const folder of folders) {
    const { signal } = new AbortController();
    await pool.withSession(folder, signal, ({ query }) => query('SELECT 1'));
  }
  await pool.close();
  process.stdout.write('done');
}

void main();
