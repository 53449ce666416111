import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../../documents/problems';
import { mapAsList } from '../maps';
import { convertType } from './convertType';
import { Definitions } from './definitions';
import { listOf, objectsIn, present, valueOf, wordsOf } from './shapes';

/** Fields within fields; a definition may hold itself. */
const MAX_DEPTH = 16;

/** Of one document, with all that definitions multiply. */
const MAX_FIELDS = 20_000;

const OPTIONS = [
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
];

/** Turns fields of the older specification into properties of ODCS. */
export class FieldConverter {
  private converted = 0;

  constructor(
    private readonly definitions: Definitions,
    private readonly problems: DocumentProblem[],
  ) {}

  /**
   * @param fields - a map of fields by their names
   * @param key - names of the fields of the object's primary key, in its order
   */
  convert(
    fields: JsonValue | undefined,
    path: string,
    key: string[] = [],
    depth = 0,
  ): JsonObject[] {
    return objectsIn(fields, path, this.problems).map(([name, field]) => ({
      name,
      ...this.property(field, `${path}.${name}`, depth),
      ...(key.includes(name) && {
        primaryKey: true,
        primaryKeyPosition: key.indexOf(name) + 1,
      }),
    }));
  }

  private property(
    holder: JsonObject,
    path: string,
    depth: number,
  ): JsonObject {
    if (!this.isWithinLimits(path, depth)) {
      return {};
    }
    const field = this.definitions.resolve(holder, path);
    const is = (key: string) =>
      valueOf(field, key, 'boolean', path, this.problems);
    const text = (key: string) =>
      valueOf(field, key, 'string', path, this.problems);
    const references = text('references');
    const classification = [
      text('classification'),
      is('pii') === true ? 'pii' : undefined,
    ].filter(Boolean);
    return present({
      ...this.type(field, path, depth),
      required: is('required'),
      unique: is('unique'),
      primaryKey: is('primaryKey') ?? is('primary'),
      description: wordsOf(field.description),
      classification:
        classification.length > 0 ? classification.join(', ') : undefined,
      relationships:
        references === undefined ? undefined : [{ to: references }],
      quality:
        field.quality === undefined
          ? undefined
          : listOf(field.quality, `${path}.quality`, this.problems),
      customProperties: this.customProperties(field, path),
    });
  }

  private isWithinLimits(path: string, depth: number): boolean {
    this.converted++;
    if (this.converted === MAX_FIELDS) {
      this.problems.push({
        path: 'models',
        message: `must have fewer than ${MAX_FIELDS} fields in all`,
      });
    }
    if (depth > MAX_DEPTH) {
      this.problems.push({
        path,
        message: `must not nest deeper than ${MAX_DEPTH} fields`,
      });
    }
    return depth <= MAX_DEPTH && this.converted < MAX_FIELDS;
  }

  private type(field: JsonObject, path: string, depth: number): JsonObject {
    const [precision, scale] = ['precision', 'scale'].map(key =>
      valueOf(field, key, 'number', path, this.problems),
    );
    const type = valueOf(field, 'type', 'string', path, this.problems);
    const converted: JsonObject =
      type === undefined ? {} : convertType(type, precision, scale);
    const { logicalTypeOptions = {}, ...words } = converted;
    const format = valueOf(field, 'format', 'string', path, this.problems);
    const options = present({
      ...(format === undefined ? {} : { format }),
      ...Object.fromEntries(
        OPTIONS.map(option => [option, field[option] ?? undefined]),
      ),
      ...(logicalTypeOptions as JsonObject),
    });
    return {
      ...words,
      ...(Object.keys(options).length > 0 && { logicalTypeOptions: options }),
      ...this.inside(field, type, path, depth),
    };
  }

  /** Maps are lists of keys and values. */
  private inside(
    field: JsonObject,
    type: string | undefined,
    path: string,
    depth: number,
  ): JsonObject {
    const part = (key: string): JsonObject => {
      const [entry] = objectsIn(
        { [key]: field[key] ?? {} },
        path,
        this.problems,
      );
      return entry ? this.property(entry[1], `${path}.${key}`, depth + 1) : {};
    };
    if (type?.toLocaleLowerCase('en-US') === 'map') {
      return {
        physicalType: undefined,
        ...mapAsList(part('keys'), part('values')),
      };
    }
    return {
      ...((field.fields ?? undefined) !== undefined && {
        properties: this.convert(field.fields, `${path}.fields`, [], depth + 1),
      }),
      ...((field.items ?? undefined) !== undefined && { items: part('items') }),
    };
  }

  private customProperties(
    field: JsonObject,
    path: string,
  ): JsonValue | undefined {
    const values = field.enum;
    if ((values ?? undefined) !== undefined && !Array.isArray(values)) {
      this.problems.push({
        path: `${path}.enum`,
        message: 'must be array',
        value: values,
      });
    }
    const custom = [
      ...(Array.isArray(values) && values.length > 0
        ? [{ property: 'enum', value: values }]
        : []),
      ...(typeof field.unit === 'string'
        ? [{ property: 'unit', value: field.unit }]
        : []),
    ];
    return custom.length > 0 ? custom : undefined;
  }
}
