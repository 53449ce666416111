import { lstat, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { arrow } from './encodings/arrow';
import { BatchEncoding, EncodingError } from './encodings/BatchEncoding';
import { ndjson } from './encodings/ndjson';
import { failureOf, missingProgram, programFailed } from './failures';
import { StepFields } from './fields';
import { findProgram } from './findProgram';
import { MESSAGES, runProgram } from './runProgram';
import { BatchFormat, CommandAgentSettings } from './settings';

const encodings: Record<BatchFormat, BatchEncoding> = { ndjson, arrow };

/** Version of the protocol; docs/guides/command-agents.md describes it. */
const PROTOCOL = 1;

/** Of what a failed program said, the end is told. */
const MESSAGE_BYTES = 4096;

/** One batch for one program. */
export interface BatchRequest {
  settings: CommandAgentSettings;
  payload: JsonObject;
  fields: StepFields;
  rows: JsonObject[];
  /** Empty, and nobody else's. */
  folder: string;
  signal: AbortSignal;
  logger: LoggerService;
}

/**
 * Puts a batch into a folder, runs the program there and reads what it wrote.
 *
 * @returns a row for each row, with the fields that the program writes
 * @throws InputError naming the agent and the kind of failure, never a value;
 *   `signal.reason` when aborted
 */
export async function runBatch(request: BatchRequest): Promise<JsonObject[]> {
  const { settings, rows, folder } = request;
  const { id } = settings;
  const encoding = encodings[settings.format];
  const program = await findProgram(settings.command[0], settings.path);
  if (!program) {
    throw missingProgram(settings);
  }
  const output = await writeRequest(request, encoding);
  const end = await runProgram({
    ...settings,
    command: [program, ...settings.command.slice(1)],
    folder,
    signal: request.signal,
  });
  const size = await sizeOf(output);
  const failure = failureOf(end, settings, size ?? 0);
  if (failure) {
    await logMessages(request);
    throw failure;
  }
  if (size === undefined) {
    throw programFailed(id, 'ended without writing its output');
  }
  const made = await decode(await readFile(output), encoding, request);
  if (made.length !== rows.length) {
    throw programFailed(
      id,
      `returned ${made.length} rows for ${rows.length}: agents change rows, they never add or remove any`,
    );
  }
  return made;
}

/** @returns path of the file that the program shall write */
async function writeRequest(
  { settings, payload, fields, rows, folder }: BatchRequest,
  encoding: BatchEncoding,
): Promise<string> {
  const input = `input.${encoding.ending}`;
  const output = `output.${encoding.ending}`;
  const described = (list: StepFields['reads']) =>
    list.map(field => ({ name: field.name, type: encoding.typeName(field) }));
  const request = {
    protocol: PROTOCOL,
    agent: settings.id,
    payload,
    format: settings.format,
    input,
    output,
    rows: rows.length,
    reads: described(fields.reads),
    writes: described(fields.writes),
  };
  const write = (name: string, content: string | Uint8Array) =>
    writeFile(path.join(folder, name), content, { mode: 0o600, flag: 'wx' });
  await write('request.json', `${JSON.stringify(request, undefined, 2)}\n`);
  await write(input, await encoding.encode(rows, fields.reads));
  return path.join(folder, output);
}

async function decode(
  bytes: Uint8Array,
  encoding: BatchEncoding,
  { settings, fields }: BatchRequest,
): Promise<JsonObject[]> {
  try {
    return await encoding.decode(bytes, fields.writes);
  } catch (error) {
    throw error instanceof EncodingError
      ? programFailed(settings.id, error.message)
      : error;
  }
}

/** Undefined for what is no file. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await lstat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a program says may hold values of rows, so it is kept nowhere (G11); an
 * operator who looks for a fault can have it in the worker's log.
 */
async function logMessages(request: BatchRequest): Promise<void> {
  const { settings, folder, logger } = request;
  if (!settings.logMessages) {
    return;
  }
  const file = await open(path.join(folder, MESSAGES), 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MESSAGE_BYTES);
    const { buffer } = await file.read({
      buffer: Buffer.alloc(length),
      position: size - length,
    });
    logger.warn(`The program of agent '${settings.id}' said: ${buffer}`);
  } finally {
    await file.close();
  }
}
