import path from 'node:path';
import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, JsonObject } from '@backstage/types';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  compileJsonSchema,
  parsePhysicalType,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { defaultTempBase } from '@skein/backstage-plugin-dataset-migrations-node';
import { readSize } from './readSize';

/** Where the configuration of command agents is. */
const KEY = 'datasetMigrations.agents';

/** Key of the folder in which batches are exchanged. */
export const TEMP_KEY = `${KEY}.tempDirectory`;

const DEFAULT_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MEMORY = '256MB';
const DEFAULT_OUTPUT = '64MB';

/** How rows are spelled in the files between worker and program. */
export type BatchFormat = 'ndjson' | 'arrow';

/** A field by its name, or by the property of the payload that names it. */
export type FieldRule = { name: string } | { payload: string };

/** A field that a program returns; without a type it keeps the one it has. */
export type WrittenFieldRule = FieldRule & { type?: FieldType };

/** One of `datasetMigrations.agents.commands`, read and checked. */
export interface CommandAgentSettings {
  /** Where it is configured, for messages: `datasetMigrations.agents.commands[0]`. */
  key: string;
  id: string;
  description: string;
  /** The program and its arguments. */
  command: string[];
  /** Folders in which programs are looked for. */
  path: string[];
  /** Above the private folders of the batches. */
  tempDirectory: string;
  format: BatchFormat;
  payloadSchema: JsonObject;
  reads: FieldRule[];
  writes: WrittenFieldRule[];
  timeoutMs: number;
  memoryBytes: number;
  maxOutputBytes: number;
  /** Whether the end of what a failed program said goes into the worker's log. */
  logMessages: boolean;
  /** Lower-case entity refs; every dataset may use it when absent. */
  allow?: { datasets: string[]; owners: string[] };
}

/**
 * Reads `datasetMigrations.agents`.
 *
 * @throws InputError naming the key of what cannot be used
 */
export function readCommandAgents(config: Config): CommandAgentSettings[] {
  const agents = config.getOptionalConfig(KEY);
  const folders = {
    path: readPath(agents),
    tempDirectory: readTempDirectory(agents),
  };
  return (agents?.getOptionalConfigArray('commands') ?? []).map(
    (command, index) => ({
      ...folders,
      ...readCommandAgent(command, `${KEY}.commands[${index}]`),
    }),
  );
}

function readPath(agents: Config | undefined): string[] {
  const folders = agents?.getOptionalStringArray('path') ?? DEFAULT_PATH;
  const wrong = folders.find(
    folder => !path.isAbsolute(folder) || folder.includes(':'),
  );
  if (wrong !== undefined) {
    throw new InputError(
      `${KEY}.path must hold absolute paths of folders, not '${wrong}'`,
    );
  }
  return folders;
}

function readTempDirectory(agents: Config | undefined): string {
  const folder =
    agents?.getOptionalString('tempDirectory') ??
    defaultTempBase('skein-agents');
  if (!path.isAbsolute(folder)) {
    throw new InputError(
      `${TEMP_KEY} must be an absolute path, not '${folder}'`,
    );
  }
  return folder;
}

function readCommandAgent(
  config: Config,
  key: string,
): Omit<CommandAgentSettings, 'path' | 'tempDirectory'> {
  const id = config.getString('id');
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id)) {
    throw new InputError(
      `${key}.id must be lower case letters, digits and dashes, not '${id}'`,
    );
  }
  const payloadSchema = readPayloadSchema(config, key);
  const namesFields = fieldProperties(payloadSchema);
  const rules = <T extends FieldRule>(
    name: 'reads' | 'writes',
    read: (rule: Config, ruleKey: string, field: FieldRule) => T,
  ) =>
    config.getConfigArray(name).map((rule, index) => {
      const ruleKey = `${key}.${name}[${index}]`;
      return read(rule, ruleKey, readFieldRule(rule, ruleKey, namesFields));
    });
  const writes = rules('writes', (rule, ruleKey, field) => ({
    ...field,
    ...readType(rule, ruleKey),
  }));
  if (writes.length === 0) {
    throw new InputError(`${key}.writes must name a field at least`);
  }
  return {
    key,
    id,
    description: config.getString('description'),
    command: readCommand(config, key),
    format: readFormat(config, key),
    payloadSchema,
    reads: rules('reads', (_rule, _key, field) => field),
    writes,
    timeoutMs: readTimeout(config, key),
    memoryBytes: readSize(config, 'memoryLimit', DEFAULT_MEMORY, key),
    maxOutputBytes: readSize(config, 'maxOutput', DEFAULT_OUTPUT, key),
    logMessages: config.getOptionalBoolean('logMessages') ?? false,
    ...readAllow(config, key),
  };
}

function readCommand(config: Config, key: string): string[] {
  const command = config.getStringArray('command');
  const [program] = command;
  if (
    program === undefined ||
    !(path.isAbsolute(program) || /^[^/]+$/.test(program))
  ) {
    throw new InputError(
      `${key}.command must begin with the absolute path of a program, or with the name of one in ${KEY}.path${
        program === undefined ? '' : `, not with '${program}'`
      }`,
    );
  }
  return command;
}

function readFormat(config: Config, key: string): BatchFormat {
  const format = config.getOptionalString('format') ?? 'ndjson';
  if (format !== 'ndjson' && format !== 'arrow') {
    throw new InputError(
      `${key}.format must be 'ndjson' or 'arrow', not '${format}'`,
    );
  }
  return format;
}

/** Payloads that are not described are refused, unless the schema says else. */
function readPayloadSchema(config: Config, key: string): JsonObject {
  const schema: JsonObject = {
    type: 'object',
    additionalProperties: false,
    ...config.getConfig('payloadSchema').get<JsonObject>(),
  };
  if (schema.type !== 'object') {
    throw new InputError(`${key}.payloadSchema.type must be 'object'`);
  }
  try {
    compileJsonSchema(schema);
  } catch (error) {
    throw new InputError(
      `${key}.payloadSchema is no JSON Schema: ${(error as Error).message}`,
    );
  }
  return schema;
}

/** Properties of a payload that can name fields: a text, or a list of texts. */
function fieldProperties(schema: JsonObject): string[] {
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
  const isText = (property?: JsonObject) => property?.type === 'string';
  return Object.keys(properties).filter(
    name =>
      isText(properties[name]) ||
      (properties[name].type === 'array' &&
        isText(properties[name].items as JsonObject | undefined)),
  );
}

function readFieldRule(
  rule: Config,
  key: string,
  namesFields: string[],
): FieldRule {
  const name = rule.getOptionalString('name');
  const payload = rule.getOptionalString('payload');
  if ((name === undefined) === (payload === undefined)) {
    throw new InputError(
      `${key} must have either the name of a field, or the property of the payload that names it`,
    );
  }
  if (payload !== undefined && !namesFields.includes(payload)) {
    throw new InputError(
      `${key}.payload is '${payload}', which payloadSchema does not describe as a text or a list of texts`,
    );
  }
  return name === undefined ? { payload: payload! } : { name };
}

function readType(rule: Config, key: string): { type?: FieldType } {
  const spelling = rule.getOptionalString('type');
  const type = spelling === undefined ? undefined : parsePhysicalType(spelling);
  if (spelling !== undefined && !type) {
    throw new InputError(
      `${key}.type is '${spelling}', which is not a type that is understood`,
    );
  }
  return type ? { type } : {};
}

function readTimeout(config: Config, key: string): number {
  if (!config.has('timeout')) {
    return DEFAULT_TIMEOUT_MS;
  }
  const timeout = durationToMilliseconds(
    readDurationFromConfig(config, { key: 'timeout' }),
  );
  if (!(timeout > 0)) {
    throw new InputError(`${key}.timeout must be longer than nothing`);
  }
  return timeout;
}

function readAllow(
  config: Config,
  key: string,
): Pick<CommandAgentSettings, 'allow'> {
  const allow = config.getOptionalConfig('allow');
  if (!allow) {
    return {};
  }
  const refs = (name: string) =>
    (allow.getOptionalStringArray(name) ?? []).map(ref =>
      ref.toLocaleLowerCase('en-US'),
    );
  const allowed = { datasets: refs('datasets'), owners: refs('owners') };
  if (allowed.datasets.length + allowed.owners.length === 0) {
    throw new InputError(`${key}.allow names neither datasets nor owners`);
  }
  return { allow: allowed };
}
